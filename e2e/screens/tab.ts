import { appendFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import type { BrowserContext, CDPSession, Page } from "@playwright/test";
import { bindingName, observe, type ObservedWindow } from "./observe.ts";
import type { Done } from "./seen.ts";

/** Milliseconds of the machine's clock, as the pages count them too. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/**
 * Being cut off is what the run is about, and not a complaint; nor is what was
 * written at the moment in which the line went.
 */
const expected = /net::ERR_|WebSocket connection to|Failed to load resource/;

/**
 * One tab of somebody's browser. It outlives its pages: they are reloaded,
 * closed and crashed, and what they saw goes into the tab's one file.
 */
export class Tab {
  readonly name: string;
  readonly file: string;
  readonly complaints: string[] = [];
  readonly #context: BrowserContext;
  readonly #url: string;
  #page: Page | undefined;
  #cdp: CDPSession | undefined;
  /** One thing after the other is done to a tab. */
  #turn: Promise<void> = Promise.resolve();
  #isEnding = false;
  #home = "";

  constructor(place: {
    context: BrowserContext;
    url: string;
    name: string;
    file: string;
  }) {
    this.#context = place.context;
    this.#url = place.url;
    this.name = place.name;
    this.file = place.file;
  }

  get page(): Page {
    if (this.#page === undefined) throw new Error(`${this.name} is closed`);
    return this.#page;
  }

  /** Does something when everything before it is done. */
  async inTurn(task: () => Promise<void>): Promise<void> {
    const done = this.#turn.then(task);
    this.#turn = done.catch(() => undefined);
    await done;
  }

  /** Opens a page, which shows nothing yet. */
  async open(): Promise<void> {
    const page = await this.#context.newPage();
    const cdp = await this.#context.newCDPSession(page);
    cdp.on("Runtime.bindingCalled", ({ name, payload }) => {
      if (name === bindingName) appendFileSync(this.file, `${payload}\n`);
    });
    await cdp.send("Runtime.enable");
    await cdp.send("Runtime.addBinding", { name: bindingName });
    await page.addInitScript(observe, bindingName);
    this.#listenForComplaints(page);
    this.#page = page;
    this.#cdp = cdp;
    this.#isEnding = false;
    this.#did("opened");
  }

  /** Loads the address until the chat is there: the way to it may be faulty. */
  async come(): Promise<void> {
    // Without a room, the page would open that which a tab was last in.
    const address = `${this.#url}/${this.#home && `#/${this.#home}`}`;
    for (let attempt = 0; attempt < 60; attempt += 1) {
      try {
        await this.page.goto(address, { timeout: 10_000 });
        await this.#waitForComposer();
        return;
      } catch {
        await setTimeout(500);
      }
    }
    throw new Error(`${this.name} cannot come to ${this.#url}`);
  }

  /** Types a text and presses Enter, as a person would. */
  async write(text: string, how: "typed" | "pasted"): Promise<void> {
    const composer = this.page.locator("form textarea");
    if (how === "typed") {
      await composer.focus();
      await this.page.keyboard.type(text);
    } else await composer.fill(text);
    await composer.press("Enter");
  }

  async openRoom(stream: string): Promise<void> {
    const link = this.page.locator(`[data-stream="${stream}"]`);
    await link.click();
    await link.and(this.page.locator("[aria-current]")).waitFor();
  }

  /** Back to the room that it is in all the time. */
  async openHome(): Promise<void> {
    await this.openRoom(this.#home);
  }

  /** That room is the one that is open now. */
  async settle(): Promise<string> {
    const open = this.page.locator("[data-stream][aria-current]");
    this.#home = (await open.getAttribute("data-stream")) ?? "";
    return this.#home;
  }

  async reload(): Promise<void> {
    this.#did("reloaded");
    try {
      await this.page.reload({ timeout: 10_000 });
      await this.#waitForComposer();
    } catch {
      await this.come();
    }
  }

  /**
   * Goes elsewhere and comes Back: the browser has kept the page and wakes it.
   * Playwright loses hold of a page that was kept, so what is written on it
   * goes past Playwright, and after a while the tab is closed.
   */
  async leaveAndReturn(text: string, ms: number): Promise<void> {
    const cdp = this.#cdp;
    if (cdp === undefined) return;
    await this.page.goto("about:blank");
    const { currentIndex, entries } = await cdp.send(
      "Page.getNavigationHistory",
    );
    const entryId = entries[currentIndex - 1]?.id ?? 0;
    await cdp.send("Page.navigateToHistoryEntry", { entryId });
    await setTimeout(ms / 2);
    await cdp.send("Input.insertText", { text });
    const enter = { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 };
    await cdp.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...enter });
    await cdp.send("Input.dispatchKeyEvent", { type: "keyUp", ...enter });
    await setTimeout(ms / 2);
    await this.closeAndReopen();
  }

  async closeAndReopen(): Promise<void> {
    this.#isEnding = true;
    await this.page.close();
    this.#did("closed");
    await this.open();
    await this.come();
  }

  /** Its process dies. */
  async crash(): Promise<void> {
    this.#isEnding = true;
    const crashed = this.page.waitForEvent("crash");
    // It is never answered.
    this.#command("Page.crash").catch(() => undefined);
    await crashed;
    this.#did("crashed");
    await this.page.close();
    await this.open();
    await this.come();
  }

  /** The browser lets it do nothing for a while, as it does with tabs unseen. */
  async freeze(ms: number): Promise<void> {
    await this.#command("Page.setWebLifecycleState", { state: "frozen" });
    await setTimeout(ms);
    await this.#command("Page.setWebLifecycleState", { state: "active" });
  }

  /** So many times slower; 1 is as fast as the machine. */
  async slowDown(rate: number): Promise<void> {
    await this.#command("Emulation.setCPUThrottlingRate", { rate });
  }

  /** What a browser tells its pages when the network is there again. */
  async tellOnline(): Promise<void> {
    await this.page.evaluate(() => window.dispatchEvent(new Event("online")));
  }

  /** Nobody sees this tab any more, so that nothing is read in it. */
  async lookAway(): Promise<void> {
    await this.page.evaluate(() => {
      document.hasFocus = () => false;
      window.dispatchEvent(new Event("blur"));
    });
  }

  async look(isQuiet: boolean): Promise<void> {
    await this.page.evaluate((quiet) => {
      (window as ObservedWindow).parleyLook?.(quiet);
    }, isQuiet);
  }

  /** The rows of the open room in short, to compare tabs with; pending ones show. */
  async rows(): Promise<string> {
    return this.page
      .locator('[role="log"] :is([data-cid], [data-hole])')
      .evaluateAll((rows) =>
        rows
          .map((row) => (row as HTMLElement).dataset)
          .map(({ seq, cid, status }) =>
            seq === undefined ? `${status ?? "hole"} ${cid ?? ""}` : seq,
          )
          .join(" "),
      );
  }

  async #waitForComposer(): Promise<void> {
    await this.page
      .locator("form textarea")
      .waitFor({ state: "visible", timeout: 10_000 });
  }

  #did(is: Done["is"]): void {
    const done: Done = { t: now(), k: "done", is };
    appendFileSync(this.file, `${JSON.stringify(done)}\n`);
  }

  async #command(
    ...[method, parameters]: Parameters<CDPSession["send"]>
  ): Promise<void> {
    await this.#cdp?.send(method, parameters);
  }

  #listenForComplaints(page: Page): void {
    const complain = (words: string): void => {
      if (!this.#isEnding) this.complaints.push(`${this.name}: ${words}`);
    };
    page.on("crash", () => complain("the page crashed"));
    page.on("pageerror", (error) => complain(`uncaught: ${error.message}`));
    page.on("console", (message) => {
      const isComplaint = ["error", "warning"].includes(message.type());
      if (isComplaint && !expected.test(message.text())) {
        complain(`console: ${message.text()}`);
      }
    });
  }
}
