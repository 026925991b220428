import { expect, test } from "bun:test";
import { framesAsText, prettyFrame, summaryOf } from "./frame-words.ts";

test.each([
  ['{"type":"ok","id":7,"stream":"r_a","seq":4}', "ok · id 7 · r_a · #4"],
  [
    '[{"type":"message.posted","stream":"r_a","seq":4},{}]',
    "message.posted · r_a · #4 +1",
  ],
  ['{"type":"ping"}', "ping"],
  ["[]", "[]"],
  ["{}", "?"],
  ["not json", "not json"],
  ['{"type":"reset","id":1,"events":[{"cut', "reset"],
])("%p is called %p", (text, summary) => {
  expect(summaryOf(text)).toBe(summary);
});

test("a frame is laid out, and shown as it is when it is no JSON", () => {
  expect(prettyFrame('{"a":1}')).toBe('{\n  "a": 1\n}');
  expect(prettyFrame("{")).toBe("{");
});

test("frames are copied with their time and direction", () => {
  const frames = [
    { number: 1, direction: "out", at: 0, text: '{"type":"ping"}' },
    { number: 2, direction: "in", at: 5, text: '{"type":"pong"}' },
  ] as const;
  expect(framesAsText(frames)).toBe(
    '1970-01-01T00:00:00.000Z -> {"type":"ping"}\n1970-01-01T00:00:00.005Z <- {"type":"pong"}',
  );
});
