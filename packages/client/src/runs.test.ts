import { describe, expect, test } from "bun:test";
import { holesOf, newestOf, oldestOf, runsOf, withRun } from "./runs.ts";
import type { Message, Run, Timeline } from "./state.ts";
import { seededRandom } from "./testing/wire.ts";
import {
  only,
  timelineAfter,
  trimmed,
  withNext,
  withPage,
} from "./timeline.ts";

/** A slice of the one log there is here: every third number is no message. */
function slice(from: number, to: number): Run {
  const messages: Message[] = [];
  for (let seq = from; seq <= to; seq += 1) {
    if (seq % 3 !== 0) messages.push(message(seq));
  }
  return { from, to, messages };
}

function message(seq: number): Message {
  return { seq, at: seq, by: "u_1", cid: `c${seq}`, text: `m${seq}` };
}

function seqs(runs: readonly Run[]): number[] {
  return runs.flatMap(({ messages }) => messages.map(({ seq }) => seq));
}

test("runs that touch close up, overlapping or not, and others stay apart", () => {
  const runs = [slice(10, 20), slice(31, 40), slice(51, 60)];
  expect(withRun(runs, slice(21, 30))).toEqual([slice(10, 40), slice(51, 60)]);
  expect(withRun(runs, slice(15, 55))).toEqual([slice(10, 60)]);
  expect(withRun(runs, slice(22, 29))).toHaveLength(4);
  expect(withRun(runs, slice(33, 35))).toEqual(runs);
});

test("a message that was known stays the same object", () => {
  const known = slice(10, 20);
  const [joined] = withRun([known], slice(5, 25));
  expect(joined?.messages.find(({ seq }) => seq === 11)).toBe(
    known.messages[1],
  );
});

test("holes are what lies between the runs, and nothing else", () => {
  const timeline = [slice(31, 40), slice(51, 60)].reduce(
    withPage,
    only(timelineAfter(0), slice(10, 20)),
  );
  expect(holesOf(timeline)).toEqual([
    { after: 20, upTo: 30 },
    { after: 40, upTo: 50 },
  ]);
  expect(oldestOf(timeline)).toBe(10);
});

test("the newest messages of several runs are cut from the oldest end", () => {
  const runs = [slice(1, 30), slice(40, 60)];
  expect(newestOf(runs, 1_000)).toEqual(runs);
  expect(newestOf(runs, 14)).toEqual([slice(40, 60)]);
  expect(newestOf(runs, 16)).toEqual([slice(28, 30), slice(40, 60)]);
  expect(newestOf(runs, 4)).toEqual([slice(55, 60)]);
  const empty = { from: 71, to: 70, messages: [] };
  expect(newestOf([...runs, empty], 1).at(-1)).toEqual(empty);
});

// A timeline goes through events, pages, resets and cuts in any order, and is
// compared with the log after each. A failing seed becomes a named test.
const seeds = 200;
const steps = 60;

describe("[V-2] each run is a slice of the log, and between two there is a hole", () => {
  for (let first = 1; first <= seeds; first += 50) {
    test(`seeds ${first} to ${first + 49}`, () => {
      for (let seed = first; seed < first + 50; seed += 1) run(seed);
    });
  }
});

function run(seed: number) {
  const random = seededRandom(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  /** Where the log ends, and how much of it was applied. */
  let head = 50 + below(200);
  let cursor = head;
  let timeline = timelineAfter(cursor);
  for (let step = 0; step < steps; step += 1) {
    const before = timeline;
    let isCut = false;
    switch (below(9)) {
      case 0:
        head += below(4);
        break;
      case 1:
        head += below(400);
        break;
      case 2:
        for (let count = below(30); count > 0 && cursor < head; count -= 1) {
          cursor += 1;
          const row = cursor % 3 === 0 ? null : message(cursor);
          timeline = withNext(timeline, cursor, row);
        }
        break;
      case 3:
        // A reset after too much was missed, also of nothing but joins.
        timeline = withPage(
          timeline,
          slice(Math.max(1, head - below(50) + 1), head),
        );
        cursor = head;
        break;
      case 4:
        timeline = withPage(timeline, slice(Math.max(1, head - 50), head));
        break;
      case 5:
        timeline = withPage(timeline, older(timeline, below(60)));
        break;
      case 6:
      case 7: {
        const filled = filling(timeline, below(1_000), below(60));
        if (filled !== undefined) timeline = withPage(timeline, filled);
        break;
      }
      case 8:
        isCut = random() < 0.2;
        if (isCut) timeline = trimmed(timeline);
        break;
    }
    check(timeline, { seed, step, cursor });
    const shown = new Set(seqs(runsOf(timeline)));
    const lost = seqs(runsOf(before)).filter((seq) => !shown.has(seq));
    if (!isCut) expect({ seed, step, lost }).toEqual({ seed, step, lost: [] });
  }
}

function older(timeline: Timeline, numbers: number): Run {
  const to = oldestOf(timeline) - 1;
  return slice(Math.max(1, to - numbers), to);
}

/** A page at either end of one of the holes; it may reach beyond the other. */
function filling(
  timeline: Timeline,
  choice: number,
  numbers: number,
): Run | undefined {
  const holes = holesOf(timeline);
  const hole = holes[choice % Math.max(1, holes.length)];
  if (hole === undefined) return undefined;
  const { after, upTo } = hole;
  return choice % 2 === 0
    ? slice(after + 1, Math.min(upTo, after + 1 + numbers))
    : slice(Math.max(1, upTo - numbers), upTo);
}

function check(
  timeline: Timeline,
  where: { seed: number; step: number; cursor: number },
) {
  const runs = runsOf(timeline);
  const wrong = runs.filter(
    (run, index) =>
      seqs([run]).join() !== seqs([slice(run.from, run.to)]).join() ||
      (index > 0 && run.from <= (runs[index - 1]?.to ?? 0) + 1) ||
      (index < runs.length - 1 && run.messages.length === 0),
  );
  expect({ ...where, wrong }).toEqual({ ...where, wrong: [] });
  // The newest run is the one that live events continue.
  expect(timeline.to).toBeGreaterThanOrEqual(where.cursor);
}
