import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { FrameObject } from "@parley/protocol";
import { cid, enter, expectServing } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { TestSocket } from "../testing/test-socket.ts";

// The simple wire has no answers: a refusal is a close, with the reason in words.

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer(generous);
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

function words(message: string, username = "Tim"): FrameObject {
  return { email: `${username}@example.org`, username, message };
}

function said(socket: TestSocket, message: string): Promise<FrameObject> {
  return socket.next((object) => object["message"] === message);
}

const refused: Record<string, [string, (FrameObject | string | Uint8Array)[]]> =
  {
    "[M2] what is not JSON": ["bad_json", ["hello", "{", ""]],
    "[M2] what is not one object": [
      "bad_frame",
      [
        "[]",
        "null",
        '"x"',
        JSON.stringify([words("x")]),
        new Uint8Array([123, 125]),
      ],
    ],
    "[M2] a missing field": [
      "missing_field",
      [
        {},
        { email: "a@b.example", username: "Tim" },
        { message: "x", username: "Tim" },
      ],
    ],
    "[M2] a field of another type": [
      "invalid_type",
      [
        { ...words("x"), message: 7 },
        { ...words("x"), username: null },
      ],
    ],
    "an address that is none": [
      "invalid_email",
      [{ ...words("x"), email: "me" }],
    ],
    "a name that is none": [
      "invalid_name",
      ["", "x".repeat(65)].map((username) => ({ ...words("x"), username })),
    ],
    "[M5] an empty message": ["empty_message", [words(""), words(" \u200b")]],
    "[M5] a message of 10,001": ["too_long", [words("x".repeat(10_001))]],
    "[M5] NUL": ["invalid_characters", [words("a\u0000")]],
    "[M5] half a character": [
      "invalid_text",
      ['{"email":"a@b.example","username":"Tim","message":"\\ud800"}'],
    ],
  };
const cases = Object.entries(refused).flatMap(([name, [code, frames]]) =>
  frames.map((frame) => [name, code, frame] as const),
);
test.each(cases)(
  "%s is closed with 4009 and %s, in words",
  async (_, code, frame) => {
    const tim = await TestSocket.open(server);
    tim.send(frame);
    const { code: closed, reason } = await tim.closed;
    expect(closed).toBe(4009);
    expect(reason).toStartWith(`${code}: `);
    expect(reason.length).toBeGreaterThan(code.length + 10);
  },
);

test("[M5] 100 messages in a second: the first 20 are said, then it is closed with 4129", async () => {
  await using strict = await startTestServer({
    ...generous,
    PARLEY_MESSAGE_RATE: "1/min burst 20",
  });
  const bob = await enter(strict, "Bob");
  const tim = await TestSocket.open(strict);
  const texts = Array.from({ length: 100 }, () => cid());
  for (const text of texts) tim.send(words(text));
  expect((await tim.closed).code).toBe(4129);
  for (const text of texts.slice(0, 20)) await bob.hears(text);
  const last = cid();
  await bob.say(last);
  await bob.hears(last);
  const posted = bob.socket.received.filter((one) =>
    texts.includes(String(one["text"])),
  );
  expect(posted).toHaveLength(20);
});

test("a ninth name on one connection is closed with 4129", async () => {
  const tim = await TestSocket.open(server);
  for (let n = 1; n <= 8; n += 1) {
    const text = cid();
    tim.send(words(text, `Tim ${n}`.replace(" ", "")));
    expect(await said(tim, text)).toMatchObject({ username: `Tim${n}` });
  }
  tim.send(words("one too many", "Tim9"));
  expect((await tim.closed).code).toBe(4129);
});

test("[T42] guests of one address come at the rate of those who join on the page", async () => {
  await using strict = await startTestServer({
    ...generous,
    PARLEY_JOIN_RATE: "1/min burst 1",
  });
  const first = await TestSocket.open(strict);
  first.send(words("hello"));
  await said(first, "hello");
  const second = await TestSocket.open(strict);
  second.send(words("hello"));
  expect((await second.closed).code).toBe(4129);
  await using open = await startTestServer(generous);
  await expectServing(open);
});
