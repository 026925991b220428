import type { FaultKind } from "./fault-kind.ts";
import { groundFaults } from "./ground-faults.ts";
import { lineFaults } from "./line-faults.ts";
import { machineFaults } from "./machine-faults.ts";

/** Everything that a run may have to bear. Each seed takes some of them (swarm testing). */
export const faultKinds: readonly FaultKind[] = [
  ...lineFaults,
  ...machineFaults,
  ...groundFaults,
];
