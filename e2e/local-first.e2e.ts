import path from "node:path";
import type { BrowserContext } from "@playwright/test";
import { PersonAtPage } from "./person-at-page.ts";
import { expect, test } from "./story.ts";

// What the page keeps on the device, with Chromium's own IndexedDB, Web Locks
// and BroadcastChannel.

const builtPage = path.join(import.meta.dirname, "..", "packages/web/dist");

/**
 * The page's files without its server: as a browser has them that knows the
 * page already. What goes to the API still finds nobody.
 */
async function keepFiles(context: BrowserContext): Promise<void> {
  // Chromium does not know where these files come from, and would not let them
  // open a WebSocket to this machine.
  await context.grantPermissions(["local-network-access"]);
  await context.route(
    ({ pathname }) => !pathname.startsWith("/api/"),
    async (route) => {
      const { pathname } = new URL(route.request().url());
      const file = pathname === "/" ? "/index.html" : pathname;
      await route.fulfill({ path: path.join(builtPage, file) });
    },
  );
}

test("[V-5] [O-2] what is written while the server is away survives a reload, and arrives once and in order", async ({
  arrive,
  parley,
}) => {
  const ann = await arrive("Ann");
  const bob = await arrive("Bob");
  await bob.say("before");
  await ann.sees("before");
  await keepFiles(ann.page.context());

  await parley.kill();
  for (let n = 1; n <= 3; n += 1) await ann.say(`ann offline ${n}`);
  await ann.page.reload();
  for (let n = 1; n <= 3; n += 1) {
    await expect(ann.message(`ann offline ${n}`)).toHaveAttribute(
      "data-status",
      "waiting",
    );
  }
  await ann.say("ann offline 4");
  await parley.startAgain();

  const expected = ["before", 1, 2, 3, 4].map((n) =>
    typeof n === "number" ? `ann offline ${n}` : n,
  );
  for (const person of [ann, bob]) {
    for (const text of expected) await person.sees(text);
    await expect(person.timeline.locator(".message-text")).toHaveText(expected);
  }
});

test("[V-4] a reload while the server is away paints rooms and rows, and goes on when it is back", async ({
  arrive,
  parley,
}) => {
  const ann = await arrive("Ann");
  const bob = await arrive("Bob");
  for (let n = 1; n <= 5; n += 1) await bob.say(`kept ${n}`);
  await ann.sees("kept 5");
  await keepFiles(ann.page.context());
  await expect.poll(() => savedRows(ann)).toContain("kept 5");

  await parley.kill();
  await ann.page.reload();
  await expect(ann.composer).toBeVisible();
  for (let n = 1; n <= 5; n += 1) await ann.sees(`kept ${n}`);
  await expect(
    ann.timeline.getByText("Bob", { exact: true }).first(),
  ).toBeVisible();

  await parley.startAgain();
  await bob.say("back again");
  await ann.sees("back again");
  expect(await ann.stored()).toEqual(await bob.stored());
});

test("[D-3] two tabs of one session show one queue, and one copy arrives", async ({
  arrive,
  parley,
}) => {
  const ann = await arrive("Ann");
  const bob = await arrive("Bob");
  const page = await ann.page.context().newPage();
  const other = new PersonAtPage(page, parley.url, "Ann");
  await page.goto(parley.url);
  await expect(other.composer).toBeVisible();
  await ann.say("from the first tab");
  await other.sees("from the first tab");

  await parley.kill();
  for (let n = 1; n <= 3; n += 1) {
    await ann.say(`first ${n}`);
    await other.say(`second ${n}`);
  }
  for (const tab of [ann, other]) {
    for (let n = 1; n <= 3; n += 1) {
      for (const text of [`first ${n}`, `second ${n}`]) {
        await expect(tab.message(text)).toHaveAttribute(
          "data-status",
          "waiting",
        );
      }
    }
  }
  // The tab that leads goes; the other one sends for both.
  await ann.page.close();
  await parley.startAgain();
  for (let n = 1; n <= 3; n += 1) {
    for (const person of [other, bob]) {
      await person.sees(`first ${n}`);
      await person.sees(`second ${n}`);
    }
  }
  expect(await other.stored()).toEqual(await bob.stored());
});

test("[T60] signing out in one tab empties the device and closes the other tab's chat", async ({
  arrive,
  parley,
}) => {
  const ann = await arrive("Ann");
  await ann.say("mine");
  await ann.sees("mine");
  await expect.poll(() => savedRows(ann)).toContain("mine");
  const page = await ann.page.context().newPage();
  await page.goto(parley.url);
  const other = new PersonAtPage(page, parley.url, "Ann");
  await expect(other.composer).toBeVisible();

  await ann.page.evaluate(async () => {
    await fetch("/api/leave", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
  });
  for (const tab of [ann, other]) {
    await expect(tab.page.getByLabel(/^(Name|名字)/)).toBeVisible();
  }
  await expect.poll(() => savedRows(ann)).toBe("[]");
});

/** Everything that is in the page's database, as text. */
function savedRows({ page }: PersonAtPage): Promise<string> {
  return page.evaluate(
    () =>
      new Promise<string>((resolve, reject) => {
        const opening = indexedDB.open("parley", 1);
        opening.onerror = () => reject(new Error("no database"));
        // It may have been removed as a whole.
        opening.onupgradeneeded = () => {
          opening.result.createObjectStore("records");
        };
        opening.onsuccess = () => {
          const store = opening.result
            .transaction("records")
            .objectStore("records");
          const found = store.getAll();
          found.onsuccess = () => {
            opening.result.close();
            resolve(JSON.stringify(found.result));
          };
        };
      }),
  );
}
