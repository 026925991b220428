import { checkHistory, type CheckResult } from "../checker/check-history.ts";
import { defaults } from "../checker/options.ts";
import type { HistoryRecord } from "../history/record.ts";
import { textDigest } from "../history/digest.ts";
import type { SimDatabase } from "./database.ts";
import { Faults } from "./faults.ts";
import { planFrom, type Plan, type PlanOptions } from "./plan.ts";
import { Random } from "./random.ts";
import { restart, time } from "./virtual-machine.ts";
import { World } from "./world.ts";

export interface RunResult {
  seed: number;
  plan: Plan;
  check: CheckResult;
  records: readonly HistoryRecord[];
  virtualMs: number;
  steps: number;
  /** What was thrown and caught by nobody. */
  thrown: string[];
}

/** So long after the last fault a run may go on until everybody agrees. */
const settleMsMax = 30_000;
const lookEveryMs = 50;

/**
 * A long queue over a slow line takes more than the five seconds that are
 * promised (L-2): then it may take what it has to, after everybody is back.
 */
const comeBackMs = 2_000;

/** What is still on its way when all agree, such as a read mark over a slow line. */
const quietMs = 3_000;

/** What a deletion leaves in doubt, pages ask about within five seconds, and have to be told. */
const quietAfterDeletionMs = 6_000;

/** One run, from its seed alone. */
export function run(
  seed: number,
  database: SimDatabase,
  options: PlanOptions = {},
): RunResult {
  restart(seed);
  const random = new Random(seed);
  const plan = planFrom(random, options);
  const thrown: string[] = [];
  time.onThrown = (error, { name }) => {
    thrown.push(
      `${name}: ${String(error instanceof Error ? error.stack : error)}`,
    );
  };
  database.restore(plan.isLong ? "long" : "short");
  const before = database.heads();
  const world = new World(time, random, database, plan);
  const faults = new Faults(world, random.fork());
  world.begin();
  faults.begin(plan.faults);
  time.pass(plan.activeMs);
  for (const person of world.people) person.rest();
  faults.heal();
  world.heal();
  const until = time.now + settleMsMax;
  while (!world.isEqual() && time.now < until)
    time.pass(time.now + lookEveryMs);
  if (world.isEqual()) {
    world.record("equal");
    const ms = database.hasDeletions() ? quietAfterDeletionMs : quietMs;
    time.pass(time.now + ms);
    world.look();
  }
  world.record("over");
  const { records } = world.history;
  const check = checkHistory({
    records,
    log: database.finalLog(),
    options: {
      ...{ before, texts: database.texts },
      isOneNode: plan.nodes === 1,
      wasRestored: world.wasRestored,
      equalMs: Math.max(defaults.equalMs, comeBackMs + world.queuesMs),
    },
  });
  const { now: virtualMs, steps } = time;
  return { seed, plan, check, records, virtualMs, steps, thrown };
}

export function isSound({ check, thrown }: RunResult): boolean {
  return check.violations.length === 0 && thrown.length === 0;
}

/** A number for all that happened: the same for the same seed, or something is not virtual. */
export function traceHash({ records, steps }: RunResult): string {
  const lines = records.map((record) => JSON.stringify(record)).join("\n");
  return (textDigest(lines) + steps).toString(16).padStart(12, "0");
}
