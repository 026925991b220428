import type { FaultKind } from "../world.ts";
import { clusterOf } from "./postgres-faults.ts";
import { troubleOnTheWay } from "./way-trouble.ts";

/** What happens to NATS, and between it and the nodes. */
export const natsFaults: readonly FaultKind[] = [
  {
    name: "NATS stopped",
    on: "several",
    needs: ["nats"],
    strike: async (world) => {
      const { nats } = clusterOf(world);
      await world.during("NATS stopped", "NATS", async () => {
        await nats.kill();
        await Bun.sleep(world.lasting(500, 10_000));
        await nats.startAgain();
      });
    },
  },
  {
    name: "NATS SIGSTOP",
    on: "several",
    needs: ["nats"],
    strike: async (world) => {
      const { nats } = clusterOf(world);
      await world.during("NATS SIGSTOP", "NATS", async () => {
        process.kill(nats.pid, "SIGSTOP");
        await Bun.sleep(world.lasting(500, 5_000));
        process.kill(nats.pid, "SIGCONT");
      });
    },
  },
  ...troubleOnTheWay("NATS", "nats", ({ toNats }) => toNats),
];
