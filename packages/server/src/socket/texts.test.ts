import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { FrameObject } from "@parley/protocol";
import { cid, enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";

// What a person types arrives, is stored and comes back exactly, or is refused.

let server: TestServer;
let ann: Present;
let bob: Present;

beforeAll(async () => {
  server = await startTestServer({
    ...generous,
    PARLEY_FRAME_RATE: "1000/s burst 1000",
  });
  ann = await enter(server, "Ann");
  bob = await enter(server, "Bob");
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

/** How it comes to the others, and how it stands in the store. */
async function readBack(seq: number): Promise<unknown[]> {
  const event = await bob.socket.next(
    (one) => one["seq"] === seq && one.type === "message.posted",
  );
  const { cookie } = bob.guest;
  const page = await fetch(
    `${server.url}/api/streams/${bob.lobby}/messages?after=${seq - 1}&limit=1`,
    { headers: { cookie } },
  );
  const { messages } = (await page.json()) as { messages: { text: string }[] };
  return [event["text"], messages[0]?.text];
}

const exact: Record<string, string> = {
  "[J14] 10,000 letters": "x".repeat(10_000),
  "[J14] 10,000 emoji": "😀".repeat(10_000),
  "1,000 lines": "\nx".repeat(999),
  "white space at both ends": "  \t x \n\n",
  "[J15] DEL, C1 and U+2028": "a\u007f\u0085\u009f\u2028\u2029b",
  "[J15] noncharacters": "a\ufffe\uffff\u{1ffff}b",
  "a decomposed letter": "e\u0301 and \u00e9",
  "32 combining marks": `a${"\u0301".repeat(32)}`,
  "a family in one emoji": "👨‍👩‍👧‍👦🏳️‍🌈",
  "right to left": "\u202eabc\u202c שלום",
  HTML: "<script>alert(1)</script>&amp;",
  JSON: '{"type":"message.post","seq":1,"__proto__":{}}',
  SQL: "'); drop table messages; --",
  Chinese: "你好，世界 𠮷",
};
test.each(Object.entries(exact))(
  "[D-7] %s come back exactly",
  async (_, text) => {
    const answer = await ann.say(text);
    expect(answer).toMatchObject({ type: "ok" });
    expect(await readBack(Number(answer["seq"]))).toEqual([text, text]);
  },
);

const refused: Record<string, [string[], string]> = {
  "[J13] nothing to see": [
    ["", " ", "\n\n", "\u200b", "\ufeff", "\u2060\u200d", "\u00ad", "\u2800"],
    "empty_message",
  ],
  "[J14] too much": [
    ["x".repeat(10_001), "😀".repeat(10_001), "\n".repeat(1_000) + "x"],
    "too_long",
  ],
  "[J15] control characters": [
    ["a\u0000", "\u0007", "a\u001b[2J", "a\rb", "\u000b", "\u001f"],
    "invalid_characters",
  ],
  "33 combining marks": [
    [`a${"\u0301".repeat(33)}`, `a${"\u0301".repeat(5_000)}`],
    "invalid_characters",
  ],
  "[J16] half a character": [
    ["\ud800", "a\udc00", "\udc00\ud800", "x\ud83dy"],
    "invalid_text",
  ],
};
test.each(Object.entries(refused))(
  "[D-4] %s is refused, finally, and never stored",
  async (_, [texts, code]) => {
    const before = await ann.say("before");
    for (const text of texts) {
      const answer = await ann.say(text);
      expect(answer).toMatchObject({ type: "error", code, retryable: false });
      expect(String(answer["message"])).not.toBe("");
    }
    const after = await ann.say("after");
    expect(Number(after["seq"])).toBe(Number(before["seq"]) + 1);
  },
);

test("[J16] half a character is refused also when it comes as an escape", async () => {
  for (const half of ["\\ud800", "\\udc00\\ud800", "\\ud83d x"]) {
    const id = ann.nextId();
    const post = { type: "message.post", id, stream: ann.lobby, cid: cid() };
    ann.socket.send(`${JSON.stringify(post).slice(0, -1)},"text":"${half}"}`);
    const answer = await ann.socket.next((one) => one.id === id);
    expect(answer).toMatchObject({ code: "invalid_text" });
  }
});

test("[J17] NUL is refused in every field that people read", async () => {
  const room = await ann.makeRoom(`Room ${cid()}`);
  const asked: FrameObject[] = [
    { type: "message.post", stream: room, text: "a\u0000" },
    { type: "room.create", name: "a\u0000" },
    { type: "room.create", name: `Room ${cid()}`, topic: "a\u0000" },
  ];
  for (const command of asked) {
    const answer = await ann.ask({ cid: cid(), ...command });
    expect(answer).toMatchObject({ code: "invalid_characters" });
  }
  for (const stream of ["r_room00\u0000", "inbox\u0000", "\u0000"]) {
    const answer = await ann.ask({ type: "unfollow", stream });
    expect(answer).toMatchObject({ code: "not_found" });
  }
});

test("room names and topics have their own bounds", async () => {
  const answers: [object, string][] = [
    [{ name: "" }, "invalid_name"],
    [{ name: " \u200b" }, "invalid_characters"],
    [{ name: "x".repeat(81) }, "invalid_name"],
    [{ name: "a\u202eb" }, "invalid_characters"],
    [{ name: "\ud800" }, "invalid_text"],
    [{ name: "fine", topic: "x".repeat(251) }, "too_long"],
    [{ name: "fine", topic: "a\nb" }, "invalid_characters"],
    [{ name: "fine", topic: "\ud800" }, "invalid_text"],
  ];
  for (const [what, code] of answers) {
    const answer = await ann.ask({ type: "room.create", cid: cid(), ...what });
    expect(answer).toMatchObject({ type: "error", code });
  }
  const longest = { name: "😀".repeat(80), topic: "x".repeat(250) };
  expect(
    await ann.ask({ type: "room.create", cid: cid(), ...longest }),
  ).toMatchObject({ type: "ok" });
});

test("a room's name is taken whatever its case, width and spaces", async () => {
  await ann.makeRoom("Café  Design");
  for (const name of ["café design", "CAFE\u0301 DESIGN", " Ｃafé Design "]) {
    const answer = await ann.ask({ type: "room.create", cid: cid(), name });
    expect(answer).toMatchObject({ code: "name_taken", retryable: false });
  }
});
