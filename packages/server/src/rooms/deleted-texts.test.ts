import { beforeEach, expect, test } from "bun:test";
import { committed } from "../testing/committed.ts";
import { encode } from "./encoded-event.ts";
import { RecentEvents, type RecentMemory } from "./recent-events.ts";

// What is kept at hand of a stream holds no text that was deleted.

const stream = "r_room000000";

let memory: RecentMemory;
let recent: RecentEvents;

beforeEach(() => {
  memory = { bytes: 0 };
  recent = new RecentEvents(100, memory);
});

function say(from: number, to: number): void {
  for (let seq = from; seq <= to; seq += 1) {
    recent.add([encode(committed(stream, seq, { text: `secret ${seq}` }))]);
  }
}

function remove(seq: number, message: number): void {
  recent.add([encode(deletion(seq, message))]);
}

function deletion(seq: number, message: number) {
  return committed(stream, seq, { type: "message.deleted", message });
}

const kept = (): string =>
  recent
    .after(recent.floor)
    .map(({ text }) => text)
    .join("\n");

function expectCounted(): void {
  const events = recent.after(recent.floor);
  const bytes = events.reduce((sum, event) => sum + event.bytes, 0);
  expect([recent.bytes, memory.bytes]).toEqual([bytes, bytes]);
}

test("[E-2] a text is gone with the event that deletes it, and its message stays as the store would tell it", () => {
  say(101, 105);
  remove(106, 103);
  expect(kept()).not.toContain("secret 103");
  expect(kept()).toContain("secret 104");
  const [told] = recent.after(102);
  expect(JSON.parse(told?.text ?? "")).toEqual(
    committed(stream, 103, { text: "", deleted: true }).event,
  );
  expectCounted();
});

test("[E-2] also when both come at once", () => {
  recent.add([
    encode(committed(stream, 101, { text: "secret 101" })),
    encode(deletion(102, 101)),
  ]);
  expect(kept()).not.toContain("secret");
  expectCounted();
});

test("[E-2] a page that was made before is made anew without it", () => {
  say(101, 103);
  const build = () => ({ text: kept(), authors: [] });
  expect(recent.page(build).text).toContain("secret 102");
  remove(104, 102);
  expect(recent.page(build).text).not.toContain("secret 102");
});

test("[E-2] what was read of the store before is not let in after it", () => {
  // The read of 91 to 100 is on its way; meanwhile 95 is deleted.
  const read = Array.from({ length: 10 }, (_, n) =>
    committed(stream, 91 + n, { text: `secret ${91 + n}` }),
  );
  remove(101, 95);
  recent.prepend(read);
  expect(recent.covers(90)).toBe(true);
  expect(kept()).toContain("secret 94");
  expect(kept()).not.toContain("secret 95");
  expectCounted();
});

test("[E-2] what was read of the store before is not told as it was", () => {
  const read = committed(stream, 95, { text: "secret 95" });
  expect(recent.asKnown(read)).toBe(read);
  remove(101, 95);
  expect(recent.asKnown(read).event).toMatchObject({ text: "", deleted: true });
});

test("deleting what is not at hand, or is no message, changes nothing else", () => {
  say(101, 102);
  remove(103, 7);
  remove(104, 103);
  remove(105, 999);
  expect(recent.after(100)).toHaveLength(5);
  expect(kept()).toContain("secret 101");
  expectCounted();
});

test("[L-4] however many are deleted, it remembers so many", () => {
  for (let seq = 101; seq <= 5_000; seq += 1) remove(seq, seq - 100);
  expectCounted();
  expect(recent.after(recent.floor).length).toBeLessThanOrEqual(256);
});
