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

test("[V-2] a page that would leave a hole is left out, and the newer one stays", () => {
  const newest = withPage(after(30, 0), page(21, 30));
  expect(withPage(newest, page(5, 19))).toBe(newest);
  expect(withPage(newest, page(40, 50))).toMatchObject(page(40, 50));
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
