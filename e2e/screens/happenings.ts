import { setTimeout } from "node:timers/promises";
import type { Parley } from "../parley.ts";
import type { BrowserPlace } from "./browser-place.ts";
import type { Happening, TabKind } from "./plan.ts";
import type { RunLog } from "./run-log.ts";

type Act = () => void | Promise<void>;

/** Makes what a plan says happen, to real browsers and a real server. */
export class Happenings {
  readonly #parley: Parley;
  readonly #browsers: readonly BrowserPlace[];
  readonly #otherRoom: string;
  readonly #log: RunLog;
  /** The server is down for one reason at a time. */
  #serverTurn: Promise<void> = Promise.resolve();

  constructor(stage: {
    parley: Parley;
    browsers: readonly BrowserPlace[];
    /** Where a tab goes for a moment. */
    otherRoom: string;
    log: RunLog;
  }) {
    this.#parley = stage.parley;
    this.#browsers = stage.browsers;
    this.#otherRoom = stage.otherRoom;
    this.#log = stage.log;
  }

  /** Resolves when it is over and everything is as it was. */
  async happen(happening: Happening): Promise<void> {
    const browser = this.#browsers[happening.browser];
    if (browser === undefined) return;
    const { kind, bytes } = happening;
    const { proxy, context } = browser;
    switch (kind) {
      case "server kill -9":
        await this.#toServer(happening, () => this.#parley.kill());
        break;
      case "server stopped":
        await this.#toServer(happening, () => this.#parley.stop());
        break;
      case "browser offline": {
        const setOffline = (is: boolean) => () => context.setOffline(is);
        await this.#toBrowser(happening, setOffline(true), setOffline(false));
        break;
      }
      case "line refused": {
        const begin = (): void => {
          proxy.setRefusing(true);
          proxy.begin("line reset");
        };
        const end = (): void => proxy.setRefusing(false);
        await this.#toBrowser(happening, begin, end);
        break;
      }
      case "line cut":
      case "line reset":
      case "line stalled":
      case "line half-open":
      case "line cut after bytes":
      case "answers lost":
      case "line slow": {
        let end: Act = () => undefined;
        const begin = (): void => {
          end = proxy.begin(kind, bytes);
        };
        await this.#toBrowser(happening, begin, () => end());
        break;
      }
      case "reload while sending":
      case "tab closed while sending":
      case "tab crashed while sending":
      case "tab frozen":
      case "tab slowed":
      case "left and returned":
      case "room changed":
        await this.#toTab(happening, browser, kind);
    }
  }

  async #toServer({ kind, ms }: Happening, end: Act): Promise<void> {
    const log = this.#log;
    const task = async (): Promise<void> => {
      log.fault(kind, "server", "on");
      await end();
      log.server("exited");
      await setTimeout(ms / 2);
      log.server("started");
      await this.#parley.startAgain();
      log.server("ready");
      log.fault(kind, "server", "off");
    };
    const done = this.#serverTurn.then(task);
    this.#serverTurn = done;
    await done;
  }

  async #toBrowser(happening: Happening, begin: Act, end: Act): Promise<void> {
    const { kind, ms } = happening;
    const target = this.#browsers[happening.browser]?.person ?? "";
    this.#log.fault(kind, target, "on");
    await begin();
    await setTimeout(ms);
    await end();
    this.#log.fault(kind, target, "off");
  }

  async #toTab(
    happening: Happening,
    { tabs }: BrowserPlace,
    kind: TabKind,
  ): Promise<void> {
    const { at, ms, bytes } = happening;
    const tab = tabs[happening.tab];
    if (tab === undefined) return;
    const inTurn = async (act: Act): Promise<void> => {
      await tab.inTurn(async () => {
        this.#log.fault(kind, tab.name, "on");
        await act();
        this.#log.fault(kind, tab.name, "off");
      });
    };
    /** Presses Enter, and does it at once or within a few milliseconds. */
    const whileSending = async (act: Act): Promise<void> => {
      await inTurn(async () => {
        await tab.write(`${tab.name} before ${kind}, ${at}`, "pasted");
        if (ms % 2 === 0) await setTimeout(bytes / 50);
        await act();
      });
    };
    switch (kind) {
      case "reload while sending":
        await whileSending(() => tab.reload());
        break;
      case "tab closed while sending":
        await whileSending(() => tab.closeAndReopen());
        break;
      case "tab crashed while sending":
        await whileSending(() => tab.crash());
        break;
      case "tab frozen":
        await inTurn(() => tab.freeze(ms));
        break;
      case "tab slowed":
        await tab.slowDown(4);
        await inTurn(() => setTimeout(ms));
        await tab.slowDown(1);
        break;
      case "left and returned":
        await inTurn(() =>
          tab.leaveAndReturn(`${tab.name} came Back, ${at}`, ms),
        );
        break;
      case "room changed":
        // Others write and suffer meanwhile; this tab does so over there.
        await tab.inTurn(() => tab.openRoom(this.#otherRoom));
        await inTurn(() => setTimeout(ms));
        await tab.inTurn(() => tab.openHome());
        break;
    }
  }
}
