import { describe, expect, test } from "bun:test";
import { check, type Screen, type Violations } from "./check.ts";
import { RunRecord } from "./run-record.ts";
import type { StoredEvent } from "./stored-log.ts";

/** Two people, five messages each in turn, all acknowledged and shown. */
function soundRun() {
  const record = new RunRecord();
  const log: StoredEvent[] = [
    { stream: "room", seq: 1, cid: "made", text: null },
  ];
  for (let n = 2; n <= 11; n += 1) {
    const cid = `cid-${n}`;
    const text = `text ${n}`;
    record.wrote({ by: n % 2, cid, stream: "room", text, at: n });
    record.acknowledged(cid, n, "node-1");
    log.push({ stream: "room", seq: n, cid, text });
  }
  const rows = log.slice(1).map(({ seq, cid }): [number, string] => {
    return [seq, cid ?? ""];
  });
  const whole = { from: 2, to: 11, rows };
  const screens: Screen[] = [0, 1].map((client) => ({
    ...{ name: `client ${client}`, stream: "room" },
    slices: [structuredClone(whole)],
    last: structuredClone(whole),
  }));
  return { record, log, screens };
}

type Run = ReturnType<typeof soundRun>;

function kinds(violations: Violations): string[] {
  return Object.entries(violations)
    .filter(([, found]) => (found as string[]).length > 0)
    .map(([kind]) => kind);
}

function found(change: (run: Run) => void): string[] {
  const run = soundRun();
  change(run);
  return kinds(check(run.record, run.screens, run.log));
}

/** The rows of the first client's only slice. */
function rowsOf({ screens }: Run): [number, string][] {
  return screens[0]?.slices[0]?.rows ?? [];
}

describe("the checker of the fault runs", () => {
  test("finds nothing where nothing is wrong", () => {
    expect(found(() => undefined)).toEqual([]);
  });

  test("[D-1] finds an acknowledged message that is not stored", () => {
    const losing = found(({ log }) => {
      const last = log.pop();
      // The number is used by something else, so that only the message is gone.
      log.push({ stream: "room", seq: 11, cid: null, text: null });
      expect(last?.cid).toBe("cid-11");
    });
    expect(losing).toContain("lost");
  });

  test("[V-5] finds a message that was never answered, never failed and is not stored", () => {
    const losing = found(({ record }) => {
      const by = 0;
      record.wrote({ by, cid: "gone", stream: "room", text: "gone", at: 12 });
    });
    expect(losing).toEqual(["lost"]);
  });

  test("[D-3] finds a message that is stored twice", () => {
    const doubling = found(({ log }) => {
      log.push({ stream: "room", seq: 12, cid: "cid-11", text: "text 11" });
    });
    expect(doubling).toContain("doubled");
  });

  test("[D-3] finds an acknowledgement under another number, the first or a later one", () => {
    const later = found(({ record }) => {
      record.acknowledged("cid-5", 6, "node-2");
    });
    expect(later).toEqual(["doubled"]);
    const first = found(({ record }) => {
      const post = record.posts.get("cid-5");
      if (post?.ack) post.ack.seq = 4;
    });
    expect(first).toEqual(["doubled"]);
  });

  test("[D-5] finds a hole in the numbers", () => {
    const hole = found(({ log }) => {
      log.push({ stream: "room", seq: 13, cid: null, text: null });
    });
    expect(hole).toContain("lost");
  });

  test("[D-2] [D-7] finds what nobody wrote, and what was changed", () => {
    const phantom = found(({ record }) => record.posts.delete("cid-7"));
    expect(phantom).toEqual(["invented"]);
    const changed = found(({ log }) => {
      const event = log[4];
      if (event) event.text = "other words";
    });
    expect(changed).toEqual(["invented"]);
  });

  test("[O-2] [O-4] finds a writer's messages in another order, and one below what was acknowledged before it", () => {
    const overtaken = found(({ record }) => {
      const first = record.posts.get("cid-4");
      record.posts.delete("cid-4");
      // As if it had been written last, with nothing acknowledged before.
      if (first) record.posts.set("cid-4", { ...first, floor: 0 });
    });
    expect(overtaken).toEqual(["misordered"]);
    const late = found(({ record }) => {
      const post = record.posts.get("cid-4");
      if (post) post.floor = 9;
    });
    expect(late).toEqual(["misordered"]);
  });

  test("[P6] [P8] [V-1] [D-6] finds a screen that misses, repeats, swaps or makes up a row", () => {
    expect(found((run) => rowsOf(run).splice(3, 1))).toEqual(["lost"]);
    const repeats = found((run) => {
      const row = rowsOf(run)[3];
      if (row) rowsOf(run).splice(3, 0, row);
    });
    expect(repeats).toEqual(["doubled"]);
    const swaps = found((run) => {
      rowsOf(run).splice(3, 0, ...rowsOf(run).splice(4, 1));
    });
    expect(swaps).toEqual(["misordered"]);
    const inventing = found((run) => rowsOf(run).push([12, "cid-12"]));
    expect(inventing).toEqual(["invented"]);
  });

  test("[V-3] [V-4] finds a screen that lost a row afterwards, and one that stops before the head", () => {
    const vanished = found(({ screens }) => screens[1]?.last.rows.pop());
    expect(vanished).toEqual(["lost"]);
    const behind = found(({ screens }) => {
      for (const slice of [screens[1]?.slices[0], screens[1]?.last]) {
        slice?.rows.pop();
        if (slice) slice.to = 10;
      }
    });
    expect(behind).toEqual(["lost"]);
  });
});
