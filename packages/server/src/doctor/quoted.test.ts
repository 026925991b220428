import { expect, test } from "bun:test";
import { quoted } from "./finding.ts";

// What others said, before it is shown: hostile.test.ts has the same from
// servers that say it.

test.each([
  "nats://node:secret@nats.example.org:4222",
  "postgres://parley:sec@ret@db.example.org/parley",
  "postgres://parley:sec/ret@db.example.org/parley",
  "cannot reach postgres://parley:s:e@c/r@et@db.example.org, tried 3 times",
])(
  "[L-5] no part of a password is shown, however it was written: %s",
  (text) => {
    expect(quoted(text)).toContain("://…@");
    expect(quoted(text)).toMatch(/(?:nats|db)\.example\.org/);
    expect(quoted(text)).not.toMatch(/sec|ret|s:e/);
  },
);

test("an address without a password is shown as it is", () => {
  const text = "It sends on to https://chat.example.org/sign-in and stops.";
  expect(quoted(text)).toBe(text);
});
