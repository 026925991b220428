import path from "node:path";
import { expect, test, type Browser } from "@playwright/test";
import { Parley } from "./parley.ts";
import type { Settings } from "./place.ts";
import { BrowserPlace } from "./screens/browser-place.ts";
import { objectionToText } from "../packages/protocol/src/text.ts";
import { corpus } from "./screens/corpus.ts";
import { delaysOf } from "./screens/delays.ts";
import { doctor } from "./screens/doctor.ts";
import { Happenings } from "./screens/happenings.ts";
import { kinds } from "./screens/plan.ts";
import { RunLog } from "./screens/run-log.ts";
import { equality, runThePlan } from "./screens/run.ts";
import type { Tab } from "./screens/tab.ts";
import { verdictOf } from "./screens/verdict.ts";

// Four pages: two people with two tabs each, every browser behind a faulty line
// of its own. What stood on them, at every change and five times a second, is
// judged by the checker that also judges the simulation and the chaos run.
//
// PARLEY_SCREENS_SEED runs a seed again; PARLEY_SCREENS_SECONDS makes it longer;
// PARLEY_SCREENS_KEEP keeps the records.

const { CHROMIUM, PARLEY_SCREENS_SEED, PARLEY_SCREENS_SECONDS } = process.env;
const seconds = Number(PARLEY_SCREENS_SECONDS ?? 40);
const seed = Number(
  PARLEY_SCREENS_SEED ?? Math.floor(Math.random() * 1_000_000),
);

/** People who write as fast as these have more to lose. */
const settings: Settings = {
  PARLEY_MESSAGE_RATE: "20/s burst 100",
  PARLEY_JOIN_RATE: "50/s burst 100",
};

test.use({
  // Both would be a part of what is measured.
  trace: "off",
  screenshot: "off",
  launchOptions: {
    ...(CHROMIUM ? { executablePath: CHROMIUM } : {}),
    // Pages that are left are kept by every browser that people use.
    ignoreDefaultArgs: ["--disable-back-forward-cache"],
  },
});

async function twoBrowsers(
  browser: Browser,
  port: number,
  log: RunLog,
): Promise<[BrowserPlace, BrowserPlace]> {
  const ann = await BrowserPlace.open(browser, port, log, "Ann");
  const bob = await BrowserPlace.open(browser, port, log, "Bob");
  return [ann, bob];
}

test("[V-1] [V-2] [V-4] [P9] four pages that are cut off, reloaded, frozen and crashed show every message once, in one order", async ({
  browser,
}) => {
  test.setTimeout(seconds * 1_000 + 120_000);
  console.log(`PARLEY_SCREENS_SEED=${seed}`);
  using log = new RunLog();
  await using parley = await Parley.start({
    ...settings,
    PARLEY_DATA: log.data,
  });
  const browsers = await twoBrowsers(browser, parley.port, log);
  await using ann = browsers[0];
  await using bob = browsers[1];
  const tabs = [...ann.tabs, ...bob.tabs];
  for (const tab of tabs) await tab.settle();
  const otherRoom = await roomBesides(ann, bob);

  const stage = { parley, browsers, otherRoom, log };
  await runThePlan(new Happenings(stage), browsers, log, { seed, seconds });
  const took = await equality(tabs, 25_000);
  if (took < Infinity) {
    log.phase("equal");
    await lookAtQuiet(ann, bob, otherRoom);
  }
  log.phase("over");
  const complaints = tabs.flatMap((tab) => tab.complaints);
  await parley.stop();
  log.end({ seed, seconds, kinds, tabs: filesOf(browsers) });

  const faults = kinds.map((kind) => `${kind} ${log.counts.get(kind) ?? 0}`);
  console.log(`${faults.join(", ")}; equal after ${Math.round(took)} ms`);
  const { verdict, report } = await verdictOf(log.folder);
  console.log(report);
  expect(complaints).toEqual([]);
  expect(verdict, report).toBe("passed");
  expect(took).toBeLessThan(5_000);

  // A checker that cannot fail proves nothing.
  for (const [harm, rule] of [
    ["doubled", "V-1"],
    ["dropped", "V-2"],
    ["inverted", "V-2"],
  ] as const) {
    const harmed = doctor(log.folder, path.join(log.folder, harm), harm);
    const found = await verdictOf(harmed);
    expect(found.verdict, harm).toBe("violated");
    expect(found.rules, harm).toContain(rule);
  }
});

test("[P20] [V-4] no text keeps a page from showing the next message within a second", async ({
  browser,
}) => {
  test.setTimeout(180_000);
  using log = new RunLog();
  await using parley = await Parley.start({
    ...settings,
    PARLEY_DATA: log.data,
  });
  const browsers = await twoBrowsers(browser, parley.port, log);
  await using ann = browsers[0];
  await using bob = browsers[1];
  const tabs = [...ann.tabs, ...bob.tabs];
  const [writer] = bob.tabs;
  const { page } = writer;
  const composer = page.locator("form textarea");
  log.phase("begun");
  /** Says it, and then something plain. */
  async function say(text: string, after: string): Promise<void> {
    await writer.write(text, "pasted");
    if (objectionToText(text) === undefined) {
      await expect(composer).toHaveValue("");
    }
    await writer.write(after, "pasted");
  }
  for (const [index, text] of corpus.entries()) {
    await say(text, `after ${index}.`);
  }
  expect(await equality(tabs, 30_000)).toBeLessThan(Infinity);
  for (const tab of tabs) await tab.look(false);
  /** Those that not even the sooner of the two pages showed in time. */
  function late(afters: readonly string[]): string[] {
    const delays = ann.tabs.map(({ file }) => delaysOf(writer.file, file));
    return afters.filter((after) => {
      const both = delays.map((page) => page.get(after));
      const shown = both.filter((ms) => ms !== undefined);
      expect(shown).toHaveLength(ann.tabs.length);
      return Math.min(...shown) >= 1_000;
    });
  }
  // What a text does to a page, it does to both, and each time. A machine that
  // is busy for a moment keeps one of them waiting, or both of them once.
  const suspects = late(corpus.map((_, index) => `after ${index}.`));
  const again: string[] = [];
  for (const suspect of suspects) {
    const index = Number(/\d+/.exec(suspect)?.[0]);
    for (const time of [1, 2, 3]) {
      const after = `after ${index}, again ${time}.`;
      await say(corpus[index] ?? "", after);
      again.push(after);
    }
  }
  log.phase("healed");
  expect(await equality(tabs, 30_000)).toBeLessThan(Infinity);
  log.phase("equal");
  await allIsRead(tabs);
  for (const tab of tabs) await tab.look(true);
  log.phase("over");
  await parley.stop();
  log.end({ seed: 0, seconds: 40, kinds: [], tabs: filesOf(browsers) });

  const { verdict, report } = await verdictOf(log.folder);
  expect(verdict, report).toBe("passed");
  expect(tabs.flatMap((tab) => tab.complaints)).toEqual([]);
  expect(late(again)).toEqual([]);
});

/** Every room on every page, with a room that Ann has not read. */
async function lookAtQuiet(
  ann: BrowserPlace,
  bob: BrowserPlace,
  otherRoom: string,
): Promise<void> {
  const tabs = [...ann.tabs, ...bob.tabs];
  await allIsRead(tabs);
  for (const tab of tabs) await tab.lookAway();
  const [, last] = bob.tabs;
  await last.openRoom(otherRoom);
  for (let n = 1; n <= 3; n += 1) await last.write(`last ${n}`, "typed");
  await last.openHome();
  for (const { page } of ann.tabs) {
    await page.locator(`[data-stream="${otherRoom}"] .count`).waitFor();
  }
  for (const tab of tabs) {
    await tab.look(true);
    await tab.openRoom(otherRoom);
    await expect(tab.page.getByText("last 3")).toBeVisible();
    await tab.look(true);
  }
}

/** The open room has no count on any page: every mark has arrived. */
async function allIsRead(tabs: readonly Tab[]): Promise<void> {
  for (const { page } of tabs) {
    const open = page.locator("[data-stream][aria-current]");
    await expect(open.locator(".count")).toHaveCount(0);
  }
}

function filesOf(
  browsers: readonly BrowserPlace[],
): { tab: string; person: string; file: string }[] {
  return browsers.flatMap(({ person, tabs }) =>
    tabs.map(({ name, file }) => ({ tab: name, person, file })),
  );
}

/** Makes a room that both are in, and returns everybody to the lobby. */
async function roomBesides(
  ann: BrowserPlace,
  bob: BrowserPlace,
): Promise<string> {
  const [tab] = ann.tabs;
  await tab.page.getByRole("button", { name: "New room" }).click();
  await tab.page.getByRole("dialog").getByLabel("Name").fill("Elsewhere");
  await tab.page.keyboard.press("Enter");
  await expect(
    tab.page.getByRole("heading", { name: "Elsewhere", level: 2 }),
  ).toBeVisible();
  const open = tab.page.locator("[data-stream][aria-current]");
  const stream = (await open.getAttribute("data-stream")) ?? "";
  await tab.openHome();
  const { page } = bob.tabs[0];
  await page.getByRole("button", { name: "Browse rooms" }).click();
  await page.getByRole("button", { name: "Join: Elsewhere" }).click();
  await expect(
    page.getByRole("heading", { name: "Elsewhere", level: 2 }),
  ).toBeVisible();
  await bob.tabs[0].openHome();
  return stream;
}
