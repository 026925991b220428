import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  test,
} from "bun:test";
import type { FrameObject } from "@parley/protocol";
import { commands, questions } from "@parley/protocol/catalog";
import type { z } from "zod";
import { cid, enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs } from "../testing/test-guest.ts";
import { TestSocket } from "../testing/test-socket.ts";

// Every command of the catalog with each of its fields wrong, and the order in
// which commands are taken.

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer(generous);
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

/** A signed-in socket that has not said hello. */
async function silentSocket(): Promise<TestSocket> {
  const { cookie } = await joinAs(server, "Ann");
  return TestSocket.open(server, { cookie, protocols: ["parley.v1"] });
}

/** The answer to this command on a socket of its own, after hello if it is not one. */
async function answerTo(command: FrameObject): Promise<FrameObject> {
  const socket = await silentSocket();
  if (command.type !== "hello") {
    await socket.ask({ type: "hello", id: 1, cursors: {} });
  }
  const answer = await socket.ask({ ...command, id: 9 });
  socket.close();
  return answer;
}

interface Field {
  command: string;
  name: string;
  schema: z.ZodType;
  example: FrameObject;
}

const fields: Field[] = [...commands, ...questions].flatMap((definition) => {
  const { example } = definition;
  const fixed: FrameObject = "ask" in example ? example.ask : { ...example };
  return Object.entries(
    definition.params.shape as Record<string, z.ZodType>,
  ).map(([name, schema]) => ({
    command: definition.name,
    name,
    schema,
    example: fixed,
  }));
});

/** A choice of a few words: whatever else stands there is no such word. */
function isChoice({ schema }: Field): boolean {
  const { error } = schema.safeParse({ x: true });
  return error?.issues[0]?.code === "invalid_value";
}

/** A value of another type than the example's, and that no null hides. */
function wrongFor(field: Field): unknown {
  const code = isChoice(field) ? "invalid_value" : "invalid_type";
  return [7, "7", true, [true], { x: true }].find((value) => {
    const { success, error } = field.schema.safeParse(value);
    return !success && error.issues[0]?.code === code;
  });
}

describe("[J9] each field of each command", () => {
  const named = fields.map(
    (field) => [field.command, field.name, field] as const,
  );

  test.each(
    named.filter(([, , { schema }]) => !schema.safeParse(undefined).success),
  )("%s without %s is answered missing_field", async (_, name, { example }) => {
    const rest = Object.entries(example).filter(([key]) => key !== name);
    const answer = await answerTo(Object.fromEntries(rest));
    expect(answer).toMatchObject({ type: "error", code: "missing_field" });
  });

  test.each(
    named.filter(([, , { schema }]) => !schema.safeParse(null).success),
  )(
    "%s with null for %s is answered invalid_type, a choice invalid_value",
    async (_, name, field) => {
      const answer = await answerTo({ ...field.example, [name]: null });
      const code = isChoice(field) ? "invalid_value" : "invalid_type";
      expect(answer).toMatchObject({ type: "error", code });
    },
  );

  test.each(named)(
    "%s with another type for %s is answered invalid_type, a choice invalid_value",
    async (_, name, field) => {
      const wrong = wrongFor(field);
      expect(wrong).toBeDefined();
      const answer = await answerTo({ ...field.example, [name]: wrong });
      const code = isChoice(field) ? "invalid_value" : "invalid_type";
      expect(answer).toMatchObject({ type: "error", code });
    },
  );

  const examples = new Map(
    fields.map(({ command, example }) => [command, example]),
  );
  test.each([...examples])(
    "%s with keys too many is taken as without them",
    async (_, example) => {
      const extra = { seq: 7, by: "u_someone00", at: 1, x: { y: 1 } };
      const { code } = await answerTo({ ...example, ...extra });
      // The example's room does not exist here; its shape is fine.
      expect([undefined, "not_found"]).toContain(code as string | undefined);
    },
  );
});

describe("[J10] [J11] numbers", () => {
  const numbers: [string, string][] = [
    ["-1", "invalid_seq"],
    ["0.5", "invalid_seq"],
    ["1e400", "invalid_seq"],
    ["-0", "invalid_seq"],
    ["9007199254740993", "invalid_seq"],
    ['"12"', "invalid_type"],
    ["true", "invalid_type"],
    ["[1]", "invalid_type"],
  ];
  test.each(numbers)("%s as a seq is %s", async (number, code) => {
    const ann = await enter(server);
    const stream = ann.lobby;
    const asked = [
      `{"type":"read.mark","id":50,"stream":"${stream}","upTo":${number}}`,
      `{"type":"follow","id":51,"stream":"${stream}","cursor":${number}}`,
      `{"type":"history","id":52,"stream":"${stream}","after":${number},"upTo":1}`,
    ];
    ann.socket.send(`[${asked.join()}]`);
    for (const id of [50, 51, 52]) {
      const answer = await ann.socket.next((object) => object.id === id);
      expect(answer).toMatchObject({ type: "error", code });
    }
    await ann.leave();
    const socket = await silentSocket();
    socket.send(`{"type":"hello","id":1,"cursors":{"${stream}":${number}}}`);
    expect(await socket.next(({ id }) => id === 1)).toMatchObject({ code });
    socket.close();
  });

  test("[U-2] a read mark beyond the head is invalid_seq and moves nothing", async () => {
    const ann = await enter(server);
    const { seq } = await ann.say("hello");
    const mark = (upTo: number): Promise<FrameObject> =>
      ann.ask({ type: "read.mark", stream: ann.lobby, upTo });
    expect(await mark(Number(seq) + 1_000)).toMatchObject({
      code: "invalid_seq",
    });
    expect(await mark(Number(seq))).toMatchObject({ read: seq });
    expect(await mark(1)).toMatchObject({ type: "ok", read: seq });
    await ann.leave();
  });
});

describe("order", () => {
  test("[J24] the same id twice is answered twice", async () => {
    const ann = await enter(server);
    const post = { type: "message.post", id: 60, stream: ann.lobby };
    ann.socket.send([
      { ...post, cid: cid(), text: "one" },
      { ...post, cid: cid(), text: "two" },
    ]);
    await ann.hears("two");
    await ann.ask({ type: "unfollow", stream: "inbox" });
    const answers = ann.socket.received.filter(({ id }) => id === 60);
    expect(answers).toHaveLength(2);
    await ann.leave();
  });

  test("[O-2] posts get their numbers in the order in which they were sent", async () => {
    const ann = await enter(server);
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) => ann.say(`${n}`)),
    );
    const seqs = answers.map(({ seq }) => Number(seq));
    expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
    await ann.leave();
  });

  test("what rests on what was said before it in the same frame finds it done", async () => {
    const ann = await enter(server);
    const room = await ann.makeRoom(`Room ${cid()}`);
    const bob = await enter(server, "Bob");
    bob.socket.send([
      { type: "room.join", id: 60, stream: room, cid: cid() },
      { type: "follow", id: 61, stream: room, cursor: 2 },
      { type: "message.post", id: 62, stream: room, cid: cid(), text: "in" },
      { type: "history", id: 63, stream: room, after: 2, upTo: 4 },
    ]);
    const answers: Present["socket"]["received"] = [];
    for (const id of [60, 61, 62, 63]) {
      answers.push(await bob.socket.next((object) => object.id === id));
    }
    expect(answers.map(({ type }) => type)).toEqual([
      "ok",
      "live",
      "ok",
      "events",
    ]);
    expect(answers[3]?.["events"]).toMatchObject([
      { type: "member.joined", seq: 3 },
      { type: "message.posted", seq: 4 },
    ]);
    await ann.leave();
    await bob.leave();
  });
});
