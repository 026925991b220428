import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  test,
} from "bun:test";
import { enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";

// Text that is not what a frame has to be, and JSON that is more than we read.

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer(generous);
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

async function withAnn<Result>(
  act: (ann: Present) => Promise<Result>,
): Promise<Result> {
  const ann = await enter(server, "Ann", { cursors: {} });
  const result = await act(ann);
  await ann.leave();
  return result;
}

/** How the socket is closed after this text. */
function closingAfter(text: string): Promise<{ code: number; reason: string }> {
  return withAnn((ann) => {
    ann.socket.send(text);
    return ann.socket.closed;
  });
}

/** Nested so deeply, itself counted. */
function nested(depth: number): string {
  return `{"type":"ping","x":${"[".repeat(depth - 1)}${"]".repeat(depth - 1)}}`;
}

describe("what is closed with 4009", () => {
  const object = '{"type":"ping"}';
  const keys = Array.from({ length: 10_000 }, (_, n) => `"k${n}":1`).join();
  const refused: Record<string, string[]> = {
    bad_json: [
      "{",
      "[1,",
      "nul",
      '{"type":"ping",}',
      '{"type":"ping"}//',
      '{"type":"ping"/**/}',
      "{'type':'ping'}",
      `\ufeff${object}`,
      `${object}${object}`,
      `${object}\n${object}`,
      '{"type":NaN}',
      '{"type":"message.post","id":NaN}',
      '{"type":"ping","x":"\t"}',
      '{"type":"ping","x":"\\x"}',
      '{"type":"ping","x":01}',
      " ",
    ],
    bad_frame: [
      "null",
      "1",
      '"x"',
      "true",
      "[]",
      `[[${object}]]`,
      "[1]",
      `[${object},null]`,
      '{"__proto__":{"type":"ping"},"type":"ping"}',
      '{"constructor":1,"type":"ping"}',
      '{"type":"ping","x":{"prototype":1}}',
      '{"type":"ping","x":[[{"__proto__":null}]]}',
    ],
    too_deep: [
      "[".repeat(30_000) + "]".repeat(30_000),
      '{"x":'.repeat(10_000),
      `{"type":"message.post","id":2,"text":${nested(30)}}`,
      nested(9),
    ],
    too_many_keys: [
      `{${keys.slice(0, 65_000).replace(/,[^,]*$/, "")}}`,
      `{"type":"ping","x":{${keys.slice(0, 1_000).replace(/,[^,]*$/, "")}}}`,
    ],
    too_many_items: [
      `{"type":"ping","x":[${"1,".repeat(9_999)}1]}`,
      `{"type":"ping","x":[${"1,".repeat(256)}1]}`,
      `[${`${object},`.repeat(50)}${object}]`,
    ],
  };
  const cases = Object.entries(refused).flatMap(([reason, texts]) =>
    texts.map((text) => [reason, text.slice(0, 40), text] as const),
  );
  test.each(cases)(
    "[J1] [J2] [J3] [J5] [J7] [J26] %s: %s",
    async (reason, _, text) => {
      expect(await closingAfter(text)).toEqual({ code: 4009, reason });
    },
  );

  const unusable: [string, unknown][] = [
    ["missing_field", undefined],
    ["invalid_number", 0],
    ["invalid_number", -1],
    ["invalid_number", 0.5],
    ["invalid_number", 2 ** 53],
    ["invalid_number", "7"],
    ["invalid_number", null],
    ["invalid_number", {}],
    ["invalid_number", [7]],
    ["invalid_number", true],
  ];
  test.each(unusable)(
    "[J24] %s: a command whose id is %p",
    async (reason, id) => {
      const command = { type: "unfollow", stream: "inbox", id };
      const closing = await closingAfter(JSON.stringify(command));
      expect(closing).toEqual({ code: 4009, reason });
    },
  );

  test("[J24] an id of a megabyte is too big a frame", async () => {
    const id = "7".repeat(1_000_000);
    expect((await closingAfter(`{"type":"ping","id":"${id}"}`)).code).toBe(
      1009,
    );
  });

  test("what stands before it in the frame is done, what stands after it is not", async () => {
    await withAnn(async (ann) => {
      ann.socket.send([
        { type: "unfollow", id: 50, stream: "inbox" },
        { type: "unfollow", id: 0, stream: "inbox" },
        { type: "unfollow", id: 51, stream: "inbox" },
      ]);
      expect((await ann.socket.closed).code).toBe(4009);
      const ids = ann.socket.received.map(({ id }) => id);
      expect(ids).not.toContain(51);
    });
  });
});

describe("what is read", () => {
  const deepText = JSON.stringify("[{".repeat(1_000));
  const longStream = Object.fromEntries(
    Array.from({ length: 60 }, (_, n) => [`k${n}`, n]),
  );
  const fine: Record<string, string> = {
    "[J4] eight levels": nested(8),
    "[J3] brackets in a text": `{"type":"ping","text":${deepText}}`,
    "[J3] a quote at its end": '{"type":"ping","x":"\\\\\\"[[[[[[[[["}',
    "[J5] 60 keys": JSON.stringify({ ...longStream, type: "ping" }),
    "[J5] 256 items": `{"type":"ping","x":[${"1,".repeat(255)}1]}`,
    "[J7] keys with a meaning elsewhere":
      '{"type":"ping","toJSON":1,"then":1,"length":9,"hasOwnProperty":1,"x":{"then":1}}',
    "[J26] 50 objects": `[{"type":"ping"}${',{"type":"hm"}'.repeat(49)}]`,
    "[J6] a key twice: the last counts": '{"type":"nope","type":"ping"}',
  };
  test.each(Object.entries(fine))("%s", async (_, text) => {
    await withAnn(async (ann) => {
      ann.socket.send(text);
      await ann.socket.next(({ type }) => type === "pong");
    });
  });

  test("[J6] a doubled text is stored as the last one alone", async () => {
    await withAnn(async (ann) => {
      await ann.ask({ type: "follow", stream: ann.lobby, cursor: null });
      const cid = "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f";
      ann.socket.send(
        `{"type":"message.post","id":70,"stream":"${ann.lobby}","cid":"${cid}","text":"first","text":"last"}`,
      );
      const event = await ann.socket.next(
        (one) => one["cid"] === cid && "by" in one,
      );
      expect(event["text"]).toBe("last");
    });
  });

  test.each(["nope", "__proto__", "toString", "hello ", "", "x".repeat(1_000)])(
    "[J8] a command of the unknown type %p is answered unknown_type",
    async (type) => {
      await withAnn(async (ann) => {
        const answer = await ann.ask({ type });
        expect(answer).toMatchObject({
          type: "error",
          code: "unknown_type",
          retryable: false,
        });
      });
    },
  );

  test.each([[null], [7], [{}], [["message.post"]], [true]])(
    "[J8] a command whose type is %p is answered invalid_type",
    async (type) => {
      await withAnn(async (ann) => {
        expect(await ann.ask({ type })).toMatchObject({ code: "invalid_type" });
      });
    },
  );

  test("[J8] a command without a type is answered missing_field", async () => {
    await withAnn(async (ann) => {
      expect(await ann.ask({})).toMatchObject({ code: "missing_field" });
    });
  });

  test("[J8] without an id whatever is unknown is ignored", async () => {
    await withAnn(async (ann) => {
      const sent = [
        "nope",
        null,
        ["message.post"],
        "ok",
        "message.posted",
        "bye",
      ];
      ann.socket.send(sent.map((type) => ({ type })));
      ann.socket.send([{}, { x: 1 }, { type: "ping" }]);
      await ann.socket.next(({ type }) => type === "pong");
      const types = ann.socket.received.map(({ type }) => type);
      expect(types).toEqual(["welcome", "ready", "pong"]);
    });
  });
});
