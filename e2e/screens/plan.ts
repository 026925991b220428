import { seededRandom } from "../../packages/server/src/testing/seeded-random.ts";
import type { LineFault } from "./fault-proxy.ts";

const lineFaults = [
  "line cut",
  "line reset",
  "line stalled",
  "line half-open",
  "line cut after bytes",
  "answers lost",
  "line slow",
] as const satisfies LineFault[];

/** What happens to everybody. */
const serverKinds = ["server kill -9", "server stopped"] as const;
/** What happens to all tabs of one person's browser. */
const browserKinds = [
  ...lineFaults,
  "line refused",
  "browser offline",
] as const;
/** What happens to one tab. */
const tabKinds = [
  "reload while sending",
  "tab closed while sending",
  "tab crashed while sending",
  "tab frozen",
  "tab slowed",
  "left and returned",
  "room changed",
] as const;

export const kinds = [...serverKinds, ...browserKinds, ...tabKinds];

export type TabKind = (typeof tabKinds)[number];
export type Kind = (typeof kinds)[number];

export interface Happening {
  /** Milliseconds after the beginning. */
  at: number;
  kind: Kind;
  /** Which browser, and which tab of it: 0 or 1. */
  browser: number;
  tab: number;
  /** How long it lasts, where it lasts. */
  ms: number;
  /** Bytes that still pass; milliseconds by which a slow line is slower. */
  bytes: number;
}

/** So often something happens, or oftener where the time is short. */
const everyMs = 1_400;

/** The same for the same seed. Every kind comes before any comes again. */
export function plan(seed: number, seconds: number): Happening[] {
  const random = seededRandom(seed);
  const between = (low: number, high: number): number =>
    Math.floor(low + random() * (high - low));
  const step = Math.min(everyMs, (seconds * 1_000) / (kinds.length + 1));
  const happenings: Happening[] = [];
  let bag: Kind[] = [];
  for (let at = step; at < seconds * 1_000; at += step) {
    if (bag.length === 0) bag = [...kinds];
    const [kind] = bag.splice(between(0, bag.length), 1);
    if (kind === undefined) break;
    happenings.push({
      at: at + between(0, step / 2),
      kind,
      browser: between(0, 2),
      tab: between(0, 2),
      ms: between(200, 3_000),
      bytes: kind === "line slow" ? between(20, 300) : between(1, 1_500),
    });
  }
  return happenings;
}
