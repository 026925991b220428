import type { Browser, BrowserContext } from "@playwright/test";
import { PersonAtPage } from "../person-at-page.ts";
import { FaultProxy } from "./fault-proxy.ts";
import type { RunLog } from "./run-log.ts";
import { Tab } from "./tab.ts";

/** Somebody's browser: one session, two tabs, and a faulty line to the server. */
export class BrowserPlace implements AsyncDisposable {
  readonly person: string;
  readonly proxy: FaultProxy;
  readonly context: BrowserContext;
  readonly tabs: readonly [Tab, Tab];

  private constructor(
    person: string,
    proxy: FaultProxy,
    context: BrowserContext,
    tabs: [Tab, Tab],
  ) {
    this.person = person;
    this.proxy = proxy;
    this.context = context;
    this.tabs = tabs;
  }

  /** Joins under this name in the first tab; the second has the session, too. */
  static async open(
    browser: Browser,
    serverPort: number,
    log: RunLog,
    person: string,
  ): Promise<BrowserPlace> {
    const proxy = await FaultProxy.start(serverPort);
    const context = await browser.newContext();
    context.setDefaultTimeout(20_000);
    const tabs = [1, 2].map((number) => {
      const name = `${person}-${number}`;
      const file = log.fileOf(name);
      return new Tab({ context, url: proxy.url, name, file });
    }) as [Tab, Tab];
    const place = new BrowserPlace(person, proxy, context, tabs);
    await tabs[0].open();
    await new PersonAtPage(tabs[0].page, proxy.url, person).join();
    await tabs[1].open();
    await tabs[1].come();
    return place;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.context.close();
    await this.proxy[Symbol.asyncDispose]();
  }
}
