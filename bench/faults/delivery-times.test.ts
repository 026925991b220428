import { expect, test } from "bun:test";
import { crossDeliveries, firstSuccesses, quantile } from "./delivery-times.ts";
import { RunRecord } from "./run-record.ts";

/** One post written at `at`, answered by node-1 and seen on both nodes. */
function post(record: RunRecord, at: number, seenAt: number): void {
  const cid = `cid-${at}`;
  const post = { by: 0, cid, stream: "room", text: "", at, floor: 0 };
  record.posts.set(cid, { ...post, ack: { seq: at, at, node: "node-1" } });
  record.sights.push({ cid, at: at + 1, node: "node-1" });
  record.sights.push({ cid, at: seenAt, node: "node-2" });
}

test("a delivery counts for what happened while it was on its way", () => {
  const record = new RunRecord();
  record.faults.push({ name: "a fault", from: 1_000, to: 2_000 });
  post(record, 100, 110); // over before it began
  post(record, 990, 1_500); // on its way when it began
  post(record, 1_990, 2_400); // written while it lasted
  post(record, 3_900, 3_910); // within two seconds of its end
  post(record, 4_100, 4_130); // later
  expect(crossDeliveries(record)).toEqual({
    before: [10],
    during: [510, 410],
    mending: [10],
    after: [30],
  });
});

test("the first success after a fault counts from its end, and not one from before it", () => {
  const record = new RunRecord();
  record.faults.push({ name: "first", from: 1_000, to: 3_000 });
  record.faults.push({ name: "second", from: 5_000, to: 7_000 });
  record.faults.push({ name: "third", from: 8_000, to: 9_500 });
  // Answered just after it had begun; then 200 ms after it was over.
  post(record, 1_005, 1_006);
  post(record, 3_200, 3_201);
  // Answered before we had noticed that it was over.
  post(record, 6_950, 6_951);
  expect(firstSuccesses(record, 500)).toEqual([200, 0, Infinity]);
});

test("a quantile is a value that was measured", () => {
  const values = [5, 1, 4, 2, 3];
  expect(quantile(values, 0.5)).toBe(3);
  expect(quantile(values, 0.99)).toBe(5);
  expect(quantile(values, 0.01)).toBe(1);
  expect(quantile([], 0.5)).toBeNaN();
});
