import { expect, test } from "bun:test";
import { startCluster } from "./cluster/start-cluster.ts";
import { allViolations } from "./faults/check.ts";
import { converse } from "./faults/conversation.ts";
import { readPostgresLog } from "./faults/stored-log.ts";

/** How long nothing is wrong, before each fault and at the end. */
const quietMs = 1_000;

// The same as `npm run bench faults`, in short and all in one conversation.
test("[P16] [P17] [P22] [P1] people with the shipped client talk on three nodes while NATS goes, PostgreSQL dies, a node dies and all are restarted: nobody sees a send fail, and everybody sees the log", async () => {
  await using cluster = await startCluster();
  const { nodes, nats, postgres, databaseUrl } = cluster;
  const { record, violations, isSettled } = await converse(
    { nodes, readLog: () => readPostgresLog(databaseUrl) },
    { people: 9, rooms: 4, postsPerSecond: 100 },
    async (record) => {
      await Bun.sleep(quietMs);
      await record.during("NATS is killed", async () => {
        await nats.kill();
        await Bun.sleep(4_000);
        await nats.startAgain();
      });
      await Bun.sleep(quietMs);
      for (const how of ["fast", "immediate", "kill -9"] as const) {
        await record.during(`PostgreSQL: ${how}`, async () => {
          await postgres.end(how);
          await postgres.startAgain();
        });
        await Bun.sleep(quietMs);
      }
      const [first, ...others] = nodes;
      await record.during("a node is killed", async () => {
        process.kill(first?.pid ?? 0, "SIGKILL");
        await Bun.sleep(quietMs);
        await first?.stop();
        await first?.start();
      });
      await Bun.sleep(quietMs);
      for (const node of others) {
        await record.during("a node is restarted", async () => {
          await node.stop();
          await node.start();
        });
        await Bun.sleep(quietMs);
      }
    },
  );
  expect(allViolations(violations)).toEqual([]);
  expect(isSettled).toBe(true);
  expect(record.failed.size).toBe(0);
  expect(record.faults).toHaveLength(7);
  expect(record.posts.size).toBeGreaterThan(1_000);
  const [withoutNats] = record.faults;
  const late = record.sights
    .filter(({ cid }) => {
      const at = record.posts.get(cid)?.at ?? 0;
      return withoutNats && at > withoutNats.from && at < withoutNats.to;
    })
    .map(({ cid, at }) => at - (record.posts.get(cid)?.at ?? at));
  expect(late.length).toBeGreaterThan(1_000);
  expect(Math.max(...late)).toBeLessThan(2_500);
}, 120_000);
