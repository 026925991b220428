import type { FaultKind } from "../world.ts";
import { clientFaults } from "./client-faults.ts";
import { clockFaults } from "./clock-faults.ts";
import { diskFaults } from "./disk-faults.ts";
import { natsFaults } from "./nats-faults.ts";
import { peopleFaults } from "./people-faults.ts";
import { postgresFaults } from "./postgres-faults.ts";
import { serverFaults } from "./server-faults.ts";
import { wayFaults } from "./way-faults.ts";

/** Every kind of fault that there is. */
export const allFaults: readonly FaultKind[] = [
  ...wayFaults,
  ...clientFaults,
  ...peopleFaults,
  ...serverFaults,
  ...diskFaults,
  ...clockFaults,
  ...postgresFaults,
  ...natsFaults,
];
