import { beforeEach, describe, expect, test } from "bun:test";
import { committed } from "../testing/committed.ts";
import { encode } from "./encoded-event.ts";
import { RecentEvents, type RecentMemory } from "./recent-events.ts";

const stream = "r_room000000";

let memory: RecentMemory;
let recent: RecentEvents;

beforeEach(() => {
  memory = { bytes: 0 };
  recent = new RecentEvents(100, memory);
});

function run(from: number, to: number, text?: string) {
  return Array.from({ length: to - from + 1 }, (_, n) =>
    committed(stream, from + n, text === undefined ? {} : { text }),
  );
}

function add(from: number, to: number, text?: string): void {
  recent.add(run(from, to, text).map(encode));
}

/** What is at hand is a run up to the newest, and is counted. */
function expectWhole(): void {
  const events = recent.after(recent.floor);
  const seqs = events.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, n) => recent.floor + n + 1));
  const bytes = events.reduce((sum, event) => sum + event.bytes, 0);
  expect([recent.bytes, memory.bytes]).toEqual([bytes, bytes]);
}

test("it covers what was added, the head itself, and nothing beyond", () => {
  add(101, 110);
  expect(recent.last).toBe(110);
  for (const cursor of [100, 105, 110])
    expect(recent.covers(cursor)).toBe(true);
  for (const cursor of [99, 111, 0]) expect(recent.covers(cursor)).toBe(false);
  expect(recent.after(108).map(({ seq }) => seq)).toEqual([109, 110]);
  expectWhole();
});

test("[L-4] it holds 256 events or 64 KB, whichever is less, and counts what it holds", () => {
  add(101, 500);
  expect(recent.floor).toBe(500 - 256);
  expectWhole();
  add(501, 520, "x".repeat(10_000));
  expect(recent.floor).toBe(520 - 6);
  expectWhole();
  recent.forget();
  expect(recent.covers(520)).toBe(true);
  expect(recent.covers(519)).toBe(false);
  expectWhole();
});

describe("what is read again", () => {
  test("[P13] goes before what is at hand, without the part that is there already", () => {
    add(101, 110);
    recent.prepend(run(51, 103));
    expect(recent.floor).toBe(50);
    expectWhole();
  });

  test("[S-1] is left alone when there is a hole between it and what is at hand", () => {
    add(101, 110);
    recent.prepend(run(51, 99));
    expect(recent.floor).toBe(100);
    recent.prepend([]);
    expectWhole();
  });

  test("[L-4] has its bounds too: of more the newest, and those further away are not tried again", () => {
    recent.deepen(600);
    expect(recent.canRecall(50)).toBe(true);
    recent.prepend(run(51, 100, "x".repeat(10_000)));
    expect(recent.floor).toBeWithin(70, 80);
    expect(recent.bytes).toBeLessThanOrEqual(262_144);
    recent.giveUpBelow();
    expect(recent.canRecall(50)).toBe(false);
    expectWhole();
  });

  test("[L-4] is kept while they come back, and what is more than usual goes afterwards", () => {
    recent = new RecentEvents(500, memory);
    recent.deepen(600);
    recent.prepend(run(101, 500));
    expect(recent.floor).toBe(100);
    recent.settle();
    expect(recent.floor).toBe(500 - 256);
    expectWhole();
  });
});

test("[P13] [L-4] the page for who starts anew is made once, counted, and made anew when more has come", () => {
  add(101, 110);
  let made = 0;
  const page = (): number =>
    recent.page(() => ({ text: "x".repeat((made += 1)), authors: [] })).text
      .length;
  const { bytes } = recent;
  expect([page(), page()]).toEqual([1, 1]);
  expect(memory.bytes).toBe(bytes + 1);
  add(111, 111);
  expectWhole();
  expect(page()).toBe(2);
  recent.settle();
  expectWhole();
  expect(page()).toBe(3);
  recent.forget();
  expectWhole();
});
