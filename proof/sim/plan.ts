import { faultKinds } from "./fault-kinds.ts";
import type { FaultKind } from "./fault-kind.ts";
import { restoreKind } from "./ground-faults.ts";
import { restlessHabits, usualHabits, type Habits } from "./habits.ts";
import type { Random } from "./random.ts";

/** What a seed decides at the beginning: how big a run is, and what may go wrong in it. */
export interface Plan {
  nodes: number;
  devices: number;
  /** So many of them are the second device of somebody. */
  seconds: number;
  /** So many have the chat open in two tabs of their browser. */
  tabs: number;
  latencyMs: number;
  /** Between two deeds of a person. */
  meanMs: number;
  habits: Habits;
  replayEvents: number;
  isLong: boolean;
  /** How much a byte weighs in a socket's backlog. */
  weight: number;
  keeps: boolean;
  /** Whether browsers copy what they store, as they do: dear, and hardly ever different. */
  copies: boolean;
  /** Until when people act and things go wrong. */
  activeMs: number;
  faults: readonly FaultKind[];
}

export interface PlanOptions {
  /** Share of the runs with faults in which an older database takes the newer one's place. */
  restores?: number;
}

/** Share of the runs in which people come and go all the time. */
const restlessShare = 0.15;

/** How much happens in a run: most mistakes need little, and small runs are fast. */
const sizes = [
  { share: 0.6, devices: [2, 4], activeMs: 12_000, meanMs: [1_000, 2_000] },
  {
    share: 0.3,
    devices: [5, 5],
    activeMs: 40_000,
    meanMs: [2_000, 5_000, 8_000],
  },
  { share: 0.1, devices: [5, 5], activeMs: 60_000, meanMs: [2_000, 5_000] },
] as const;

function sizeFrom(random: Random): (typeof sizes)[number] {
  let share = random.share();
  for (const size of sizes) {
    share -= size.share;
    if (share < 0) return size;
  }
  return sizes[0];
}

/**
 * It forgives what was lost with the log, so it must be rare. Not with two tabs:
 * one may hear of the new log sooner than the other, and what they tell each
 * other does not say of which log it is.
 */
const restoresUsually = 0.05;

export function planFrom(
  random: Random,
  { restores = restoresUsually }: PlanOptions,
): Plan {
  // Few kinds at a time: what one of them breaks, another might hide.
  const share = random.pick([0.1, 0.2, 0.4]);
  const size = sizeFrom(random);
  const tabs = random.chance(0.15) ? random.whole(1, 2) : 0;
  const nodes = random.chance(0.5) ? 1 : random.whole(2, 3);
  return {
    nodes,
    devices: random.whole(size.devices[0], size.devices[1]),
    seconds: random.chance(0.5) ? 1 : 0,
    tabs,
    latencyMs: random.pick([1, 20, 20, 150]),
    meanMs: random.pick(size.meanMs),
    habits: random.chance(restlessShare) ? restlessHabits : usualHabits,
    replayEvents: random.pick([1, 5, 20, 300, 300]),
    isLong: random.chance(0.1),
    weight: random.pick([1, 1, 200, 2_000]),
    keeps: true,
    copies: random.chance(0.03),
    activeMs: size.activeMs,
    faults: random.chance(0.25)
      ? []
      : faultKinds.filter(({ name }) =>
          random.chance(
            name !== restoreKind ? share : tabs === 0 ? restores : 0,
          ),
        ),
  };
}
