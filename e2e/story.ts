import {
  test as base,
  expect,
  type Browser,
  type BrowserContextOptions,
  type Page,
} from "@playwright/test";
import type { JoinMode } from "@parley/protocol";
import { Cluster } from "./cluster.ts";
import { Parley } from "./parley.ts";
import { PersonAtPage } from "./person-at-page.ts";
import type { Place, Settings } from "./place.ts";

/** What a project or a story may choose. */
export interface StoryOptions {
  /** One process with SQLite, or so many nodes on PostgreSQL and NATS behind nginx. */
  nodes: "one process" | number;
  settings: Settings;
}

interface Story {
  /** A server of this story's own. */
  parley: Place;
  /** Opens a browser of somebody's own, who has not gone anywhere yet. */
  sitDown: (
    name: string,
    options?: BrowserContextOptions,
  ) => Promise<PersonAtPage>;
  /** The same, and they join under this name. */
  arrive: (
    name: string,
    options?: BrowserContextOptions,
  ) => Promise<PersonAtPage>;
  /** The same, and they have an account; the user name is the name in small letters. */
  enrol: (
    name: string,
    options?: BrowserContextOptions,
  ) => Promise<PersonAtPage>;
  /** The same, and the place is theirs, with people joining as they decide. */
  own: (name: string, joinMode?: JoinMode) => Promise<PersonAtPage>;
}

/**
 * A story has its own server and as many people as it needs, each in a browser
 * context of their own. A story in which a page asked another host for
 * something, or its console complained, has failed whatever it showed.
 */
export const test = base.extend<Story & StoryOptions>({
  nodes: ["one process", { option: true }],
  settings: [{}, { option: true }],

  parley: async ({ nodes, settings }, use) => {
    await using parley =
      nodes === "one process"
        ? await Parley.start(settings)
        : await Cluster.start(nodes, settings);
    await use(parley);
  },

  sitDown: async ({ browser, parley, contextOptions }, use) => {
    const complaints: string[] = [];
    const people: PersonAtPage[] = [];
    await use(async (name, options = {}) => {
      const page = await openPage(browser, { ...contextOptions, ...options });
      listenForComplaints(page, parley.url, complaints);
      const person = new PersonAtPage(page, parley.url, name);
      people.push(person);
      return person;
    });
    for (const { page } of people) await page.context().close();
    expect(complaints).toEqual([]);
  },

  arrive: async ({ sitDown }, use) => {
    await use(async (name, options) => {
      const person = await sitDown(name, options);
      await person.join();
      return person;
    });
  },

  enrol: async ({ arrive }, use) => {
    await use(async (name, options) => {
      const person = await arrive(name, options);
      const { me } = await person.told<{ me: { email: string } }>("server");
      await person.asks("POST", "account", {
        ...{ email: me.email, name, username: name.toLowerCase(), password },
      });
      await person.page.reload();
      await expect(person.composer).toBeVisible();
      return person;
    });
  },

  own: async ({ sitDown, parley }, use) => {
    await use(async (name, joinMode = "open") => {
      const owner = await sitDown(name);
      const link = await parley.setupLink();
      await owner.page.goto(parley.url);
      await owner.asks("POST", "setup", {
        code: link.split("#").at(-1),
        place: { name: "Riverside", joinMode, domains: [], language: "auto" },
        email: "owner@example.org",
        ...{ name, username: name.toLowerCase(), password },
      });
      await owner.page.reload();
      await expect(owner.composer).toBeVisible();
      return owner;
    });
  },
});

export { expect };

/** Everybody's who was enrolled without choosing one. */
export const password = "river stones sing softly";

async function openPage(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<Page> {
  const context = await browser.newContext(options);
  return context.newPage();
}

/** Being offline is part of some stories, and not a complaint. */
const offline = /net::ERR_|WebSocket connection to|Failed to load resource/;

function listenForComplaints(
  page: Page,
  ownUrl: string,
  complaints: string[],
): void {
  const ownHost = new URL(ownUrl).host;
  page.on("request", (request) => {
    const { host, protocol } = new URL(request.url());
    if (protocol !== "blob:" && host !== ownHost) {
      complaints.push(`asked another host: ${request.url()}`);
    }
  });
  page.on("pageerror", (error) => {
    complaints.push(`uncaught: ${error.message}`);
  });
  page.on("console", (message) => {
    const isComplaint =
      message.type() === "error" || message.type() === "warning";
    if (isComplaint && !offline.test(message.text())) {
      complaints.push(`console: ${message.text()}`);
    }
  });
}
