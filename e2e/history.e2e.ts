import type { Locator } from "@playwright/test";
import type { PersonAtPage } from "./person-at-page.ts";
import { expect, test } from "./story.ts";
import { TutorialClient } from "./tutorial-client.ts";

// Many messages in a moment are part of these stories.
test.use({ settings: { PARLEY_LIMITS: "off" } });

test("[S2] older pages come in above without moving what is being read", async ({
  arrive,
  browser,
  parley,
}) => {
  await using tom = await TutorialClient.open(browser, parley.url, "Tom");
  await tom.sayMany(300);
  const ann = await arrive("Ann");
  await ann.sees("message 300.");

  const steps: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    await ann.timeline.evaluate((log) => {
      log.scrollTop = Math.max(0, log.scrollTop - 1_500);
    });
    // The first row wholly in view keeps its place while pages come in above.
    const drift = await ann.timeline.evaluate(async (log) => {
      const top = log.getBoundingClientRect().top;
      const first = [...log.querySelectorAll("article[data-seq]")].find(
        (row) => row.getBoundingClientRect().top >= top,
      );
      if (first === undefined) return 0;
      const before = first.getBoundingClientRect().top;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return first.isConnected
        ? Math.abs(first.getBoundingClientRect().top - before)
        : 0;
    });
    steps.push(drift);
  }
  expect(Math.max(...steps)).toBeLessThanOrEqual(1);
  await expect(ann.message("message 1.")).toHaveCount(1);
});

test("[S1] who reads further up is not moved by new messages, and is told of them", async ({
  arrive,
  browser,
  parley,
}) => {
  await using tom = await TutorialClient.open(browser, parley.url, "Tom");
  await tom.sayMany(60);
  const ann = await arrive("Ann");
  await ann.sees("message 60.");
  await ann.timeline.evaluate((log) => {
    log.scrollTop -= 600;
  });
  // Not how far it is scrolled: an older page may come in above meanwhile.
  const before = await placeOfFirst(ann);
  const bob = await arrive("Bob");
  await bob.say("news");
  await expect(
    ann.page.getByRole("button", { name: /1 new message/ }),
  ).toBeVisible();
  expect(Math.abs((await placeOfFirst(ann)) - before)).toBeLessThanOrEqual(1);
  await ann.page.getByRole("button", { name: /1 new message/ }).click();
  await expect(ann.message("news")).toBeInViewport();
});

test("[S1] a message that comes in the very moment of scrolling does not undo it", async ({
  arrive,
  browser,
  parley,
}) => {
  await using tom = await TutorialClient.open(browser, parley.url, "Tom");
  await tom.sayMany(60);
  const ann = await arrive("Ann");
  // The page hears a frame only after the view has moved, and of that only later.
  await ann.page.addInitScript(() => {
    const Plain = WebSocket;
    window.WebSocket = class extends Plain {
      constructor(url: string | URL, protocols?: string | string[]) {
        super(url, protocols);
        this.addEventListener("message", ({ data }: MessageEvent<unknown>) => {
          if (!String(data).includes("the very moment")) return;
          const log = document.querySelector('[role="log"]');
          if (log === null) return;
          log.scrollTop -= 300;
          Object.assign(window, { scrolledTo: log.scrollTop });
        });
      }
    };
  });
  await ann.page.reload();
  await ann.sees("message 60.");
  await tom.say("the very moment");
  await ann.sees("the very moment");
  // Not from before it came: until then the page may still settle by a line.
  const moved = await ann.timeline.evaluate((log) => {
    const { scrolledTo } = window as unknown as { scrolledTo: number };
    return log.scrollTop - scrolledTo;
  });
  expect(Math.abs(moved)).toBeLessThanOrEqual(1);
});

/** How often a page looks at what the browser draws; one frame in three. */
const recordEveryMs = 50;

/** More than a resume replays, and ten pages of them. */
const tooMany = 500;

type ShownRow = number | string;

/**
 * Writes down what the timeline shows until it is asked: numbers of messages,
 * and of each hole which numbers it stands for.
 */
async function record(
  person: PersonAtPage,
): Promise<() => Promise<ShownRow[][]>> {
  await person.timeline.evaluate((log, everyMs) => {
    const screens: ShownRow[][] = [];
    const look = (): void => {
      const rows = [
        ...log.querySelectorAll<HTMLElement>("[data-seq], [data-hole]"),
      ].map(({ dataset }) => dataset["hole"] ?? Number(dataset["seq"]));
      if (String(rows) !== String(screens.at(-1))) screens.push(rows);
    };
    look();
    setInterval(look, everyMs);
    Object.assign(window, { screens });
  }, recordEveryMs);
  return () =>
    person.page.evaluate(
      () => (window as unknown as { screens: ShownRow[][] }).screens,
    );
}

/** Where all numbers are messages: each follows the last, or a hole says so. */
function expectNothingHidden(screens: readonly ShownRow[][]): void {
  for (const rows of screens) {
    let next: number | undefined;
    for (const row of rows) {
      if (typeof row === "number") {
        if (next !== undefined) expect(row).toBe(next);
        next = row + 1;
        continue;
      }
      const [after = 0, upTo = 0] = row.split("-").map(Number);
      expect(after + 1).toBe(next ?? after + 1);
      expect(upTo).toBeGreaterThan(after);
      next = upTo + 1;
    }
  }
}

function numbersOf(rows: readonly ShownRow[] = []): number[] {
  return rows.filter((row) => typeof row === "number");
}

/** Scrolls, and tells by how much the first row in view then moved by itself. */
async function driftAfter(person: PersonAtPage, byPx: number): Promise<number> {
  return person.timeline.evaluate(async (log, px) => {
    log.scrollTop = Math.max(0, log.scrollTop + px);
    const top = log.getBoundingClientRect().top;
    const first = [...log.querySelectorAll("article[data-seq]")].find(
      (row) => row.getBoundingClientRect().top >= top,
    );
    if (first === undefined) return 0;
    const before = first.getBoundingClientRect().top;
    await new Promise((resolve) => setTimeout(resolve, 150));
    return first.isConnected
      ? Math.abs(first.getBoundingClientRect().top - before)
      : 0;
  }, byPx);
}

/** Scrolls on as somebody does who reads: not past what is not there yet. */
async function readOn(
  person: PersonAtPage,
  stepPx: number,
  isThere: () => Promise<boolean>,
): Promise<number[]> {
  const drifts: number[] = [];
  for (let step = 0; step < 100; step += 1) {
    drifts.push(await driftAfter(person, stepPx));
    await expect(hole(person)).not.toBeInViewport();
    if (await isThere()) return drifts;
  }
  throw new Error("There is no end to it.");
}

/** Ann has read what Tom said, goes offline, and misses too much. */
async function missTooMuch(ann: PersonAtPage, tom: TutorialClient) {
  await tom.sayMany(120);
  await ann.sees("message 120.");
  await ann.timeline.evaluate((log) => {
    log.scrollTop -= 900;
  });
  const shown = await record(ann);
  await ann.setOffline(true);
  await tom.sayMany(tooMany);
  return shown;
}

function hole(person: PersonAtPage): Locator {
  return person.timeline.locator("[data-hole]");
}

test("[V-2] [V-3] [S2] after too much was missed, what was read stays where it is, and the hole below it is filled when it is scrolled to", async ({
  arrive,
  browser,
  parley,
}) => {
  const ann = await arrive("Ann");
  await using tom = await TutorialClient.open(browser, parley.url, "Tom");
  const shown = await missTooMuch(ann, tom);
  const before = await ann.stored();
  const reading = await placeOfFirst(ann);

  await ann.setOffline(false);
  await expect(hole(ann)).toHaveCount(1);
  await expect(
    ann.page.getByRole("button", { name: /^\d+\+ new messages/ }),
  ).toBeVisible();
  expect(Math.abs((await placeOfFirst(ann)) - reading)).toBeLessThanOrEqual(1);
  const after = (await ann.stored()).map(([seq]) => seq);
  expect(after).toEqual(expect.arrayContaining(before.map(([seq]) => seq)));

  // To the newest, and from there back up through the hole.
  await ann.page.getByRole("button", { name: /new messages/ }).click();
  const last = (before.at(-1)?.[0] ?? 0) + tooMany;
  await expect(ann.timeline.locator(`[data-seq="${last}"]`)).toBeInViewport();
  const oldest = before[0]?.[0] ?? 0;
  const drifts = await readOn(ann, -500, async () => {
    const [first] = await ann.stored();
    return first !== undefined && first[0] <= oldest;
  });
  expect(Math.max(...drifts)).toBeLessThanOrEqual(1);
  await expect(hole(ann)).toHaveCount(0);

  const screens = await shown();
  expectNothingHidden(screens);
  const all = new Set(screens.flatMap(numbersOf));
  expect([...all].filter((seq) => seq > last - tooMany)).toHaveLength(tooMany);
});

test("[S2] the hole is filled from above, too, and nothing in view moves", async ({
  arrive,
  browser,
  parley,
}) => {
  const ann = await arrive("Ann");
  await using tom = await TutorialClient.open(browser, parley.url, "Tom");
  const shown = await missTooMuch(ann, tom);
  await ann.setOffline(false);
  await expect(hole(ann)).toHaveCount(1);
  const drifts = await readOn(ann, 500, () =>
    ann.timeline.evaluate((log) => {
      const { scrollTop, scrollHeight, clientHeight } = log;
      return scrollHeight - clientHeight - scrollTop < 1;
    }),
  );
  expect(Math.max(...drifts)).toBeLessThanOrEqual(1);
  await expect(hole(ann)).toHaveCount(0);
  expectNothingHidden(await shown());
});

test("a hole that cannot be filled says so, and is filled on demand or when there is a connection again", async ({
  arrive,
  browser,
  parley,
}) => {
  const ann = await arrive("Ann");
  await using tom = await TutorialClient.open(browser, parley.url, "Tom");
  await missTooMuch(ann, tom);
  const pages = "**/api/streams/*/messages?*";
  await ann.page.route(pages, (route) => route.abort());
  await ann.setOffline(false);
  const again = hole(ann).getByRole("button", { name: "Try again" });
  await expect(again).toHaveCount(1);
  const missing = await hole(ann).getAttribute("data-hole");

  await ann.page.unroute(pages);
  await again.click();
  await expect(hole(ann)).not.toHaveAttribute("data-hole", missing ?? "");
  await expect(again).toHaveCount(0);

  await ann.page.route(pages, (route) => route.abort());
  await ann.timeline.evaluate((log) => {
    log.scrollTop = log.scrollHeight;
  });
  await expect(again).toHaveCount(1);
  const stillMissing = await hole(ann).getAttribute("data-hole");
  await ann.page.unroute(pages);
  await ann.setOffline(true);
  await ann.setOffline(false);
  await expect(hole(ann)).not.toHaveAttribute("data-hole", stillMissing ?? "");
});

test("[U13] a room opens at the first unread message, also where it lay in a hole", async ({
  arrive,
  browser,
  parley,
}) => {
  const ann = await arrive("Ann");
  await using tom = await TutorialClient.open(browser, parley.url, "Tom");
  await tom.sayMany(60);
  await ann.sees("message 60.");
  const read = (await ann.stored()).at(-1)?.[0] ?? 0;
  // Who goes elsewhere sooner has not read the last ones (U5).
  await expect.poll(() => ann.readInLobby()).toBe(read);
  const lobby = ann.page.getByRole("button", { name: /Lobby/ });
  await expect(lobby).toBeVisible();
  await ann.page.getByRole("button", { name: "New room" }).click();
  await ann.page.getByRole("dialog").getByLabel("Name").fill("Quiet");
  await ann.page.keyboard.press("Enter");
  await expect(
    ann.page.getByRole("heading", { name: "Quiet", level: 2 }),
  ).toBeVisible();
  await ann.setOffline(true);
  await tom.sayMany(tooMany);
  await ann.setOffline(false);
  await expect(ann.page.getByText("99+")).toBeVisible();
  await lobby.click();
  const line = ann.timeline.locator(".new");
  await expect(line).toBeInViewport();
  await expect(ann.timeline.locator(".new + article")).toHaveAttribute(
    "data-seq",
    String(read + 1),
  );
});

/** How far below the top of the view the first row wholly in it begins. */
async function placeOfFirst(person: PersonAtPage): Promise<number> {
  return person.timeline.evaluate((log) => {
    const top = log.getBoundingClientRect().top;
    const first = [...log.querySelectorAll("article[data-seq]")].find(
      (row) => row.getBoundingClientRect().top >= top,
    );
    return (first?.getBoundingClientRect().top ?? Infinity) - top;
  });
}
