import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNode } from "./cluster/start-cluster.ts";
import { allViolations } from "./faults/check.ts";
import { converse } from "./faults/conversation.ts";
import { restartNodes } from "./faults/scenarios.ts";
import { readSqliteLog } from "./faults/stored-log.ts";

test("[P22] [P8] people with the shipped client talk while their server is restarted, and the log is what they saw", async () => {
  const data = await mkdtemp(join(tmpdir(), "parley-faults-"));
  const node = await startNode({ name: "the node", data });
  try {
    const { record, violations, isSettled } = await converse(
      {
        nodes: [node],
        readLog: () => readSqliteLog(join(data, "parley.db")),
      },
      { people: 4, rooms: 3, postsPerSecond: 100 },
      (record) => restartNodes([node], record, 500),
    );
    expect(allViolations(violations)).toEqual([]);
    expect(isSettled).toBe(true);
    expect(record.faults.length).toBe(1);
    expect(record.closings.length).toBeGreaterThanOrEqual(4);
    expect(record.failed.size).toBe(0);
    const posts = [...record.posts.values()];
    expect(posts.length).toBeGreaterThan(100);
    // Everybody saw everything, their own too.
    expect(record.sights.length).toBe(posts.length * 4);
  } finally {
    await node.stop();
    await rm(data, { recursive: true, force: true });
  }
}, 60_000);
