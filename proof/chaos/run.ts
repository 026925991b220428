import { mkdirSync } from "node:fs";
import path from "node:path";
import {
  startFaultProxy,
  type FaultProxy,
} from "../../packages/server/src/testing/fault-proxy.ts";
import { seededRandom } from "../../packages/server/src/testing/seeded-random.ts";
import { readRssBytes } from "../../bench/rss.ts";
import { sharedClock } from "../history/clock.ts";
import { FileHistory, type History } from "../history/history.ts";
import { Administration } from "./administration.ts";
import { ClientGroup } from "./client-group.ts";
import { Deck } from "./deck.ts";
import { headsOf, untilEqual, untilMarked } from "./equality.ts";
import { setupCode, startAlone, startSeveral, type Place } from "./place.ts";
import type { PlannedDevice } from "./plan.ts";
import { devicesFor, settle, type Size } from "./settle.ts";
import { World, type FaultKind } from "./world.ts";

export interface RunOptions {
  /** Where everything of the run goes; on a disk, if syncs are to cost something. */
  folder: string;
  seed: number;
  nodes: number;
  /** Whether PostgreSQL syncs; kill -9 of a process does not ask. */
  isDurable: boolean;
  /** How long faults come, without the pauses in which all has to be equal. */
  ms: number;
  /** A fault begins so often, on average. */
  everyMs: number;
  /** Faults come for so long; then everybody has to be equal. */
  roundMs: number;
  longestMs: number;
  faults: readonly FaultKind[];
  size: Size;
  processes: number;
  /** Posts per second. */
  rate: number;
  tell: (line: string) => void;
}

export interface RunOutcome {
  seed: number;
  folder: string;
  /** The ids of everybody whose history there is. */
  people: readonly string[];
  acknowledged: number;
  wrote: number;
  failed: number;
  reconnects: number;
  talkedMs: number;
  faults: ReadonlyMap<string, number>;
  missing: ReadonlyMap<string, string>;
  wanted: readonly string[];
  /** Faults that could not be done after all. */
  failures: readonly string[];
  /** After each round, from its last fault's end. */
  equalMs: number[];
  /** What ended by itself, or never became equal. */
  troubles: string[];
  rssBytes: number[];
  /** Up to where everybody knew each room when all was quiet for the last time. */
  heads: ReadonlyMap<string, number>;
  place: Place;
}

/** Longer than any of them may take; it is the checker that judges them. */
const equalMsMax = 40_000;
const marksMsMax = 3_000;
/** What a deletion leaves in doubt, pages ask about within five seconds. */
const afterDeletionMs = 6_000;
/** A quarter of the time there is no new fault. */
const calmShare = 0.25;

/**
 * Lets clients talk while the world breaks, and has judged what they wrote down
 * while the database is still there.
 */
export async function runChaos<Verdict>(
  options: RunOptions,
  judge: (outcome: RunOutcome) => Promise<Verdict>,
): Promise<Verdict> {
  const { folder, seed, nodes } = options;
  const random = seededRandom(seed);
  const now = sharedClock();
  await using stack = new AsyncDisposableStack();
  const histories = path.join(folder, "histories");
  mkdirSync(histories);
  const book = stack.use(new FileHistory(path.join(histories, "run.ndjson")));
  // There are few of these records, and a run that hangs is read by them.
  const history: History = {
    record: (record) => {
      book.record(record);
      book.flush();
    },
  };
  const { isDurable } = options;
  const ground = { folder, history, now, isDurable };
  const place = stack.use(
    nodes === 1 ? await startAlone(ground) : await startSeveral(nodes, ground),
  );
  const ports = place.nodes.map(({ server }) => server.port);
  const code = await setupCode(place);
  const { people, lobby } = await settle(ports, options.size, code);
  const [owner] = people;
  if (owner === undefined) throw new Error("nobody has joined");
  const administration = new Administration(ports, owner);
  const ways = new Map<string, FaultProxy>();
  const devices = devicesFor(people).map((device, n): PlannedDevice => {
    // As a balancer does: its own node if that accepts, else any other.
    const turned = [...ports.slice(n % nodes), ...ports.slice(0, n % nodes)];
    const way = stack.use(startFaultProxy({ targets: () => turned, random }));
    ways.set(device.name, way);
    return { ...device, url: `http://127.0.0.1:${way.port}` };
  });
  const groups = Array.from({ length: options.processes }, (_, n) => {
    // Tabs of one browser are in one process.
    const own = devices.filter(
      ({ person }) => person % options.processes === n,
    );
    const storageFolder = path.join(folder, `storage-${n}`);
    mkdirSync(storageFolder);
    return new ClientGroup(`clients-${n}`, histories, {
      ...{ seed: seed + n, storageFolder, people, lobby },
      rate: options.rate / options.processes,
      devices: own,
    });
  });
  stack.defer(async () => {
    await Promise.all(groups.map((group) => group.end()));
  });
  const world = new World({
    ...{ place, ways, groups, history, now, random },
    ...{ people, administration },
    longestMs: options.longestMs,
  });
  const deck = new Deck(world, options.faults);
  const equalMs: number[] = [];
  const troubles: string[] = [];
  const rssBytes: number[] = [];
  let heads: ReadonlyMap<string, number> = new Map();
  let talkedMs = 0;

  await Promise.all(groups.map((group) => group.start()));
  const lack = await untilEqual(groups, equalMsMax);
  if (lack !== undefined) throw new Error(`nothing begins: ${lack}`);
  const until = performance.now() + options.ms;
  // A run in which a kind never came would prove nothing of it.
  while (performance.now() < until || !deck.isThrough) {
    const began = performance.now();
    phase("begun");
    talk(true);
    await faultsUntil(began + options.roundMs);
    await deck.over();
    talk(false);
    talkedMs += performance.now() - began;
    phase("healed");
    const healed = performance.now();
    for (const way of ways.values()) way.heal();
    for (const group of groups) group.tell({ do: "wake" });
    const missing = await untilEqual(groups, equalMsMax);
    if (missing !== undefined) {
      troubles.push(`not equal after ${equalMsMax / 1_000} s: ${missing}`);
      break;
    }
    equalMs.push(performance.now() - healed);
    phase("equal");
    await untilMarked(groups, marksMsMax);
    await Bun.sleep(afterDeletionMs);
    await Promise.all(groups.map((group) => group.look()));
    heads = await headsOf(groups);
    const rss = await Promise.all(
      place.nodes.map(({ server }) => readRssBytes(server.pid)),
    );
    rssBytes.push(Math.max(...rss));
    report();
  }
  phase("over");
  for (const group of groups) await group.end();
  for (const { server } of place.nodes) await server.stop();
  for (const { server } of place.nodes) troubles.push(...server.unexpected);
  for (const group of groups) troubles.push(...group.unexpected);
  return await judge({
    ...counts(),
    ...{ seed, folder, talkedMs, equalMs, troubles, rssBytes, place, heads },
    people: people.map(({ me }) => me.id),
    faults: world.struck,
    missing: deck.missing,
    failures: deck.failures,
    wanted: deck.kinds.map(({ name }) => name),
  });

  async function faultsUntil(end: number): Promise<void> {
    const slotMs = options.everyMs * (1 - calmShare);
    const isOver = () => performance.now() > until && deck.isThrough;
    while (performance.now() < end && !isOver()) {
      if (random() > calmShare) deck.deal();
      await Bun.sleep(Math.min(slotMs, Math.max(0, end - performance.now())));
    }
  }

  function talk(isOn: boolean): void {
    for (const group of groups) group.tell({ do: "talk", isOn });
  }

  function phase(is: "begun" | "healed" | "equal" | "over"): void {
    history.record({ t: now(), k: "phase", is });
  }

  function counts() {
    const all = groups.map((group) => group.counts());
    const sum = (of: (count: (typeof all)[number]) => number) =>
      all.reduce((total, count) => total + of(count), 0);
    return {
      acknowledged: sum(({ acknowledged }) => acknowledged),
      wrote: sum(({ wrote }) => wrote),
      failed: sum(({ failed }) => failed),
      reconnects: sum(({ reconnects }) => reconnects) - devices.length,
    };
  }

  function report(): void {
    const { acknowledged, reconnects } = counts();
    options.tell(
      `${Math.round(talkedMs / 1_000)} s: ${acknowledged} acknowledged, ${Math.round(acknowledged / (talkedMs / 1_000))}/s, ${reconnects} reconnects, equal after ${Math.round(equalMs.at(-1) ?? 0)} ms, ${Math.round((rssBytes.at(-1) ?? 0) / 1e6)} MB`,
    );
  }
}
