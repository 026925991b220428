import type { Env } from "@parley/client";
import type { History } from "../history/history.ts";
import { recordedChat, type RecordedChat } from "../history/recorded-chat.ts";
import type { Device as Recorded } from "../history/recorded-device.ts";
import type { SimBrowser } from "./browser.ts";
import type { SimPerson } from "./database.ts";
import type { SimNetwork } from "./network.ts";
import type { Weather } from "./pipe.ts";
import type { Random } from "./random.ts";
import { Owner, type VirtualTime } from "./virtual-time.ts";
import type { Wire } from "./wire.ts";

/** Who sits where: tabs of one browser have all but the name in common. */
export interface Seat {
  name: string;
  person: SimPerson;
  /** Of the session's cookie. */
  token: string;
  browser: SimBrowser;
  weather: Weather;
}

export interface DeviceParts extends Seat {
  time: VirtualTime;
  random: Random;
  network: SimNetwork;
  history: History;
  /** Whether the client keeps anything on the device. */
  keeps: boolean;
}

/** One tab in which somebody has the chat open, over all its lives. */
export class SimDevice {
  readonly name: string;
  readonly person: SimPerson;
  readonly browser: SimBrowser;
  #wallOffsetMs = 0;
  readonly #parts: DeviceParts;
  #tab: Owner | undefined;
  #recorded: RecordedChat | undefined;
  #connections = 0;
  #isSignedOut = false;

  constructor(parts: DeviceParts) {
    this.name = parts.name;
    this.person = parts.person;
    this.browser = parts.browser;
    this.#parts = parts;
  }

  get seat(): Seat {
    const { name, person, token, browser, weather } = this.#parts;
    return { name, person, token, browser, weather };
  }

  /** Its session was ended, as far as it was told: it does not come back. */
  get isSignedOut(): boolean {
    if (this.#isSignedOut) return true;
    const connection = this.#recorded?.chat.state.connection;
    const knows =
      connection?.status === "stopped" && connection.reason === "signed-out";
    // The answer to the sign-out got lost, but not what came of it.
    if (knows) this.#signedOut();
    return knows;
  }

  get tab(): Owner | undefined {
    return this.#tab;
  }

  get recorded(): RecordedChat | undefined {
    return this.#recorded;
  }

  /** Opens the page. */
  boot(): void {
    const { time, keeps, person } = this.#parts;
    const tab = new Owner(this.name);
    tab.wallOffsetMs = this.#wallOffsetMs;
    this.#tab = tab;
    const { id, name, role } = person;
    const isGuest = role === "guest";
    time.run(tab, () => {
      this.#recorded = recordedChat(
        {
          url: "http://parley.test",
          me: { id, name, kind: isGuest ? "guest" : "member", email: "" },
          server: "Parley",
          env: this.#env(tab),
          keeps,
        },
        this.#asRecorded(),
      );
    });
  }

  /** Does something on the page, if there is one. */
  act(call: (recorded: RecordedChat) => void): void {
    const recorded = this.#recorded;
    const tab = this.#tab;
    // A page that stands still does not hear its keys.
    if (recorded === undefined || tab === undefined || tab.isFrozen) return;
    this.#parts.time.run(tab, () => {
      call(recorded);
    });
  }

  /** The tab is gone, without a word to the page. */
  crash(isSilent: boolean): Wire[] {
    const tab = this.#tab;
    if (tab === undefined) return [];
    const { time, history, network, browser, person } = this.#parts;
    history.record({ t: time.now, p: person.id, c: this.name, k: "crash" });
    tab.die();
    this.#tab = undefined;
    this.#recorded = undefined;
    browser.tabDied(tab);
    const wires = [...network.wires].filter(({ client }) => client === tab);
    network.pageDied(tab, isSilent);
    return wires;
  }

  jumpClock(byMs: number): void {
    this.#wallOffsetMs += byMs;
    if (this.#tab) this.#tab.wallOffsetMs = this.#wallOffsetMs;
  }

  /** Suspends somebody from this page; `done` when the server says that it is so. */
  suspend(person: string, done: () => void): void {
    const tab = this.#tab;
    if (tab === undefined || tab.isFrozen) return;
    const { network } = this.#parts;
    const url = `http://parley.test/api/admin/people/${person}/suspend`;
    const body = JSON.stringify({ suspended: true });
    const request = { method: "POST" as const, url, body };
    network.fetch(this.#place(tab), request, ({ status }) => {
      if (status === 200) done();
    });
  }

  /** Its session was ended by somebody else. */
  sessionEnded(): void {
    this.#signedOut();
  }

  /** Signs out, as another page of the same browser would. */
  signOut(): void {
    const tab = this.#tab;
    if (tab === undefined || tab.isFrozen) return;
    const { network } = this.#parts;
    const url = "http://parley.test/api/leave";
    const request = { method: "POST" as const, url, body: "{}" };
    network.fetch(this.#place(tab), request, ({ status }) => {
      if (status === 200) this.#signedOut();
    });
  }

  #signedOut(): void {
    if (this.#isSignedOut) return;
    this.#isSignedOut = true;
    const { time, history, person } = this.#parts;
    history.record({
      ...{ t: time.now, p: person.id, c: this.name },
      ...{ k: "session-ended", device: this.name },
    });
  }

  #place(tab: Owner) {
    const { browser, weather, token } = this.#parts;
    return { tab, browser, weather, cookie: `parley_sid=${token}` };
  }

  #env(tab: Owner): Env {
    const { time, random, network, browser } = this.#parts;
    const place = this.#place(tab);
    return {
      now: () => time.wall(),
      monotonicMs: () => time.now,
      random: () => random.share(),
      randomBytes: (count) => {
        const bytes = new Uint8Array(count);
        random.fill(bytes);
        return bytes;
      },
      setTimer: (ms, call) => time.after(ms, call, tab),
      clearTimer: (timer) => {
        time.cancel(timer as ReturnType<typeof time.after> | undefined);
      },
      soon: (call) => {
        queueMicrotask(call);
      },
      openSocket: (_, protocol, listener) =>
        network.openSocket(place, protocol, listener),
      fetch: (request, done) => network.fetch(place, request, done),
      ...browser.partsFor(tab),
    };
  }

  #asRecorded(): Recorded {
    const { time, history, person, name } = this.#parts;
    return {
      ...{ history, now: () => time.now, person: person.id, device: name },
      nextConnection: () => {
        this.#connections += 1;
        return `${name}#${this.#connections}`;
      },
    };
  }
}
