import { setTimeout } from "node:timers/promises";
import { seededRandom } from "../../packages/server/src/testing/seeded-random.ts";
import type { BrowserPlace } from "./browser-place.ts";
import type { Happenings } from "./happenings.ts";
import { plan } from "./plan.ts";
import type { RunLog } from "./run-log.ts";
import { now, type Tab } from "./tab.ts";
import { textOf } from "./texts.ts";

/** How long somebody waits between two messages. */
const writeEveryMs = [80, 700] as const;

/** All four write while the plan happens to them; over when nothing is wrong any more. */
export async function runThePlan(
  happenings: Happenings,
  browsers: readonly BrowserPlace[],
  log: RunLog,
  { seed, seconds }: { seed: number; seconds: number },
): Promise<void> {
  const ending = new AbortController();
  log.phase("begun");
  const writers = browsers
    .flatMap(({ tabs }) => tabs)
    .map((tab, index) => writeOn(tab, seed + index + 1, ending.signal));
  const faults = plan(seed, seconds).map(async (happening) => {
    await setTimeout(happening.at);
    await happenings.happen(happening);
  });
  // A writer who cannot go on ends the run.
  await Promise.race([Promise.all(faults), Promise.all(writers)]);
  ending.abort();
  await Promise.all([...faults, ...writers]);
  log.phase("healed");
  // What a browser says when its network is back: nobody waits out a back-off.
  for (const { tabs } of browsers) {
    await Promise.all(tabs.map((tab) => tab.tellOnline()));
  }
}

/**
 * Until all tabs show the same newest rows, none of them waiting: how long that
 * took, in ms; Infinity when it took more than the limit.
 */
export async function equality(
  tabs: readonly Tab[],
  limitMs: number,
): Promise<number> {
  const begun = now();
  for (;;) {
    const rows = await Promise.all(tabs.map((tab) => tab.rows()));
    const tails = rows.map(tailOf);
    const isEqual = tails.every((tail) => tail !== "" && tail === tails[0]);
    const isCalm = rows.every((row) => !/waiting|failed/.test(row));
    const took = now() - begun;
    if (isEqual && isCalm) return took;
    if (took > limitMs) {
      for (const [index, { name }] of tabs.entries()) {
        console.log(`${name} ends with ${tails[index] ?? ""}`);
      }
      return Infinity;
    }
    await setTimeout(50);
  }
}

/** The newest rows: how far up one's rows go depends on when one came. */
function tailOf(rows: string): string {
  return rows.split(" ").slice(-20).join(" ");
}

async function writeOn(
  tab: Tab,
  seed: number,
  ending: AbortSignal,
): Promise<void> {
  const random = seededRandom(seed);
  const [low, high] = writeEveryMs;
  for (let count = 1; !ending.aborted; count += 1) {
    await setTimeout(low + random() * (high - low));
    const how = random() < 0.5 ? "typed" : "pasted";
    const text = textOf(`${tab.name} ${count}`, how, random);
    await tab.inTurn(() => tab.write(text, how));
  }
}
