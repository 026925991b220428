import { faultKinds } from "./fault-kinds.ts";
import type { FaultKind } from "./fault-kind.ts";
import { restoreKind } from "./ground-faults.ts";
import { usualHabits, type Habits } from "./habits.ts";
import type { Random } from "./random.ts";

/** What a seed decides at the beginning: how big a run is, and what may go wrong in it. */
export interface Plan {
  nodes: number;
  devices: number;
  /** So many of them are the second device of somebody. */
  seconds: number;
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
  restores: number;
}

export function planFrom(random: Random, { restores }: PlanOptions): Plan {
  // Few kinds at a time: what one of them breaks, another might hide.
  const share = random.pick([0.1, 0.2, 0.4]);
  const nodes = random.chance(0.5) ? 1 : random.whole(2, 3);
  return {
    nodes,
    devices: 5,
    seconds: random.chance(0.5) ? 1 : 0,
    latencyMs: random.pick([1, 20, 20, 150]),
    meanMs: random.pick([2_000, 5_000, 8_000, 8_000]),
    habits: usualHabits,
    replayEvents: random.pick([1, 5, 20, 300, 300]),
    isLong: random.chance(0.1),
    weight: random.pick([1, 1, 200, 2_000]),
    keeps: true,
    copies: random.chance(0.03),
    activeMs: 40_000,
    faults: random.chance(0.25)
      ? []
      : faultKinds.filter(({ name }) =>
          // It forgives what was lost with the log, so it must be rare.
          random.chance(name === restoreKind ? restores : share),
        ),
  };
}
