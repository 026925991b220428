import type { Cluster, ClusterNode } from "../cluster/start-cluster.ts";
import type { RunRecord } from "./run-record.ts";

/** How long nothing is wrong at first … */
const quietMs = 5_000;
/** … and after a fault, before the next one or the end. */
const mendingMs = 5_000;
/** How long PostgreSQL is away each time, besides what it takes to start. */
export const awayMs = 1_000;

const endings = ["fast", "immediate", "kill -9"] as const;

/** NATS dies and comes back after so many seconds. */
export async function stopNats(
  { nats }: Pick<Cluster, "nats">,
  secs: number,
  record: RunRecord,
): Promise<void> {
  await Bun.sleep(quietMs);
  await record.during("NATS is stopped", async () => {
    await nats.kill();
    await Bun.sleep(secs * 1_000);
    await nats.startAgain();
  });
  await Bun.sleep(2 * mendingMs);
}

/** PostgreSQL ends so many times, in each of three ways in turn. */
export async function restartPostgres(
  { postgres }: Pick<Cluster, "postgres">,
  times: number,
  record: RunRecord,
): Promise<void> {
  await Bun.sleep(quietMs);
  for (let time = 0; time < times; time += 1) {
    const how = endings[time % endings.length] ?? "fast";
    await record.during(`PostgreSQL: ${how}`, async () => {
      await postgres.end(how);
      await Bun.sleep(awayMs);
      await postgres.startAgain();
    });
    await Bun.sleep(mendingMs);
  }
}

/** One node after the other is stopped and started again. */
export async function restartNodes(
  nodes: readonly ClusterNode[],
  record: RunRecord,
  restMs = mendingMs,
): Promise<void> {
  await Bun.sleep(restMs);
  for (const node of nodes) {
    await record.during(`${node.name} is restarted`, async () => {
      await node.stop();
      await node.start();
    });
    await Bun.sleep(restMs);
  }
}
