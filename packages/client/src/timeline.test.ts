import { expect, test } from "bun:test";
import type { Message } from "./state.ts";
import {
  only,
  timelineAfter,
  trimmed,
  withNext,
  withPage,
} from "./timeline.ts";

/** A page of a stream in which every third number is not a message. */
function page(from: number, to: number) {
  const messages: Message[] = [];
  for (let seq = from; seq <= to; seq += 1) {
    if (seq % 3 !== 0) messages.push(message(seq));
  }
  return { from, to, messages };
}

function message(seq: number): Message {
  return { seq, at: seq, by: "u_1", cid: `c${seq}`, text: `m${seq}` };
}

function after(head: number, count: number) {
  let timeline = timelineAfter(head);
  for (let seq = head + 1; seq <= head + count; seq += 1) {
    timeline = withNext(timeline, seq, seq % 3 === 0 ? null : message(seq));
  }
  return timeline;
}

test("live events make the run longer, messages or not", () => {
  expect(after(10, 4)).toMatchObject({ from: 11, to: 14 });
  expect(after(10, 4).messages.map(({ seq }) => seq)).toEqual([11, 13, 14]);
});

test("[V-2] a page and live events make one run, whichever came first", () => {
  // The page was made before, during and after the events from 11 to 20.
  for (const to of [10, 15, 20, 25]) {
    const joined = withPage(after(10, 10), page(5, to));
    expect(joined).toMatchObject(page(5, Math.max(20, to)));
  }
});

test("[V-1] events that a page has brought already change nothing", () => {
  const timeline = withPage(after(10, 0), page(5, 14));
  expect(withNext(timeline, 11, message(11))).toBe(timeline);
  expect(withNext(timeline, 14, message(14))).toBe(timeline);
  expect(withNext(timeline, 15, null).to).toBe(15);
});

test("[V-2] older pages go in front, overlapping or not", () => {
  const newest = withPage(after(30, 0), page(21, 30));
  expect(withPage(newest, page(11, 20))).toMatchObject(page(11, 30));
  expect(withPage(newest, page(11, 25))).toMatchObject(page(11, 30));
});

test("[V-3] a newer page stands beside what was known, with a hole between them, until they touch", () => {
  const known = withPage(after(30, 0), page(21, 30));
  const apart = withPage(known, page(40, 50));
  expect(apart).toMatchObject({ ...page(40, 50), older: [page(21, 30)] });
  expect(withNext(apart, 51, null)).toMatchObject({ from: 40, to: 51 });
  const nearer = withPage(apart, page(31, 34));
  expect(nearer).toMatchObject({ from: 40, older: [page(21, 34)] });
  const whole = withPage(nearer, page(35, 42));
  expect(whole).toMatchObject({ ...page(21, 50), older: [] });
});

test("a page that nothing known touches any more is left out", () => {
  const newest = withPage(after(30, 0), page(21, 30));
  expect(withPage(newest, page(5, 19))).toBe(newest);
});

test("what holds no message is not kept beside the newest run: it would make two holes of one", () => {
  const empty = after(30, 0);
  expect(withPage(empty, page(40, 50)).older).toEqual([]);
  const onlyJoins = { from: 39, to: 39, messages: [] };
  const known = only(empty, onlyJoins);
  expect(withPage(known, page(60, 70)).older).toEqual([]);
});

test("of a log that went another way nothing is kept", () => {
  const apart = withPage(withPage(after(30, 0), page(21, 30)), page(40, 50));
  expect(only(apart, page(5, 9))).toMatchObject({ ...page(5, 9), older: [] });
});

test("rows that stay are the same objects, so that a screen redraws only new ones", () => {
  const timeline = after(10, 5);
  const joined = withPage(timeline, page(5, 15));
  expect(joined.messages.at(-1)).toBe(timeline.messages.at(-1));
});

test("[V-1] a page that holds a pending message takes its pending row away", () => {
  const row = { cid: "c14", text: "m14", at: 0, status: { kind: "waiting" } };
  const timeline = timelineAfter(10, [
    row as never,
    { ...row, cid: "x" } as never,
  ]);
  expect(withPage(timeline, page(5, 14)).pending).toHaveLength(1);
  expect(only(timeline, page(12, 14)).pending).toHaveLength(1);
  const apart = withPage(withPage(timeline, page(8, 10)), page(20, 30));
  expect(apart.pending).toHaveLength(2);
  expect(withPage(apart, page(11, 15)).pending).toHaveLength(1);
});

test("a long run of a room that nobody looks at is cut from its old end, and stays a run", () => {
  const long = after(0, 900);
  const cut = trimmed(long);
  expect(cut.messages).toHaveLength(200);
  expect(cut.messages[0]?.seq).toBe(cut.from);
  expect(cut.to).toBe(900);
  expect(withPage(cut, page(cut.from - 50, cut.from - 1)).from).toBe(
    cut.from - 50,
  );
  expect(trimmed(cut)).toBe(cut);
});

test("rows before a hole count as well when a room that nobody looks at is cut", () => {
  const apart = withPage(after(0, 450), page(600, 780));
  const cut = trimmed(apart);
  expect(cut).toMatchObject(page(600, 780));
  const rows = cut.older.reduce((sum, run) => sum + run.messages.length, 0);
  expect(rows + cut.messages.length).toBe(200);
  expect(cut.older[0]).toMatchObject(page(cut.older[0]?.from ?? 0, 450));
});
