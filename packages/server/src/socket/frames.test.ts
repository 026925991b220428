import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  test,
} from "bun:test";
import { expectServing } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  closeFrame,
  jsonFrame,
  opcodes,
  rawFrame,
} from "../testing/raw-frames.ts";
import { RawSocket } from "../testing/raw-socket.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs } from "../testing/test-guest.ts";

// Frames as RFC 6455 has them and as it forbids them, byte by byte. "Bun" in a
// name marks an answer that is Bun's own, pinned so that a new Bun shows what
// it changed.

let server: TestServer;
let cookie: string;

beforeAll(async () => {
  server = await startTestServer(generous);
  ({ cookie } = await joinAs(server, "Ann"));
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

const hello = jsonFrame({ type: "hello", id: 1, cursors: {} });
const ping = '{"type":"ping"}';
const { binary, close, continuation, pong, text } = opcodes;

/** A socket that has said hello and is ready. */
async function greeted(): Promise<RawSocket> {
  const headers = { "Sec-WebSocket-Protocol": "parley.v1", Cookie: cookie };
  const socket = await RawSocket.upgrade(server, headers);
  socket.write(hello);
  await socket.object(({ type }) => type === "ready");
  return socket;
}

/** How the server closes after these bytes. */
async function closingAfter(
  ...bytes: Uint8Array[]
): Promise<{ code: number; reason: string }> {
  const socket = await greeted();
  socket.write(Buffer.concat(bytes));
  const closing = await socket.closing();
  await socket.ended;
  socket.close();
  return closing;
}

/** Fails when these bytes are not answered by a pong. */
async function expectPongAfter(...bytes: Uint8Array[]): Promise<void> {
  const socket = await greeted();
  for (const piece of bytes) socket.write(piece);
  await socket.object(({ type }) => type === "pong");
  socket.close();
}

describe("frames that are none", () => {
  const broken: Record<string, [Uint8Array[], number]> = {
    "[F1] unmasked": [[rawFrame(text, ping, { masked: false })], 1002],
    "[F2] RSV1": [[rawFrame(text, ping, { rsv: 4 })], 1002],
    "[F2] RSV2": [[rawFrame(text, ping, { rsv: 2 })], 1002],
    "[F2] RSV3": [[rawFrame(text, ping, { rsv: 1 })], 1002],
    "[F2] RSV1 on a ping": [[rawFrame(opcodes.ping, "", { rsv: 4 })], 1002],
    "[F4] a continuation of nothing": [[rawFrame(continuation, ping)], 1002],
    "[F5] a message inside an unfinished one": [
      [rawFrame(text, "{", { fin: false }), rawFrame(text, ping)],
      1002,
    ],
    "[F6] a ping in pieces": [
      [rawFrame(opcodes.ping, "", { fin: false })],
      1002,
    ],
    "[F7] a ping of 126 bytes": [
      [rawFrame(opcodes.ping, Buffer.alloc(126))],
      1002,
    ],
    "[F30] a compressed message": [
      [rawFrame(text, Buffer.from("aa56020000", "hex"), { rsv: 4 })],
      1002,
    ],
    "[F21] a close with bad UTF-8": [
      [closeFrame(1000, Buffer.from([0xff]))],
      1007,
    ],
    "[F21] a close with a reason of 124 bytes": [
      [closeFrame(1000, "r".repeat(124))],
      1002,
    ],
    "[F20] a close of one byte": [[rawFrame(close, "x")], 1002],
  };
  for (const opcode of [3, 4, 5, 6, 7, 11, 12, 13, 14, 15]) {
    broken[`[F3] opcode ${opcode}`] = [[rawFrame(opcode, ping)], 1002];
  }
  for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535]) {
    broken[`[F20] a close with ${code}`] = [[closeFrame(code)], 1002];
  }
  for (const length of [2n ** 53n, 2n ** 63n - 1n, 2n ** 63n]) {
    broken[`[F10] [T43] ${length} bytes announced`] = [
      [rawFrame(text, "", { announced: length, lengthBits: 64 })],
      1009,
    ];
  }
  const badUtf8 = ["c0af", "eda080", "f4908080", "ff", "61e282"];
  for (const hex of badUtf8) {
    broken[`[F16] ${hex}, which is no UTF-8`] = [
      [rawFrame(text, Buffer.from(hex, "hex"))],
      1007,
    ];
  }
  test.each(Object.entries(broken))(
    "%s: closed (Bun)",
    async (_, [bytes, code]) => {
      expect((await closingAfter(...bytes)).code).toBe(code);
    },
  );
});

describe("frames that are unusual", () => {
  test("[F8] a ping inside a message in pieces is answered first (Bun)", async () => {
    const socket = await greeted();
    socket.write(
      Buffer.concat([
        rawFrame(text, ping.slice(0, 5), { fin: false }),
        rawFrame(opcodes.ping, "now"),
        rawFrame(continuation, ping.slice(5)),
      ]),
    );
    const first = await socket.frame();
    expect(first?.opcode).toBe(pong);
    expect(first?.payload.toString()).toBe("now");
    await socket.object(({ type }) => type === "pong");
    socket.close();
  });

  test("[F9] a short length written long is accepted: harmless (Bun)", async () => {
    await expectPongAfter(rawFrame(text, ping, { lengthBits: 16 }));
    await expectPongAfter(rawFrame(text, ping, { lengthBits: 64 }));
  });

  test("[F13] [T44] a message in 17 pieces, or with 100,000 empty ones, is one message (Bun)", async () => {
    const pieces = [...ping, "", ""].map((letter, index) =>
      rawFrame(index === 0 ? text : continuation, letter, { fin: false }),
    );
    const end = rawFrame(continuation, "");
    await expectPongAfter(...pieces, end);
    const empty = rawFrame(continuation, "", { fin: false });
    const many = Buffer.concat(new Array<Buffer>(100_000).fill(empty));
    const start = rawFrame(text, ping, { fin: false });
    await expectPongAfter(start, many, end);
  });

  test("[F15] one byte per packet is read like any other (Bun)", async () => {
    const bytes = rawFrame(text, ping);
    await expectPongAfter(...[...bytes].map((byte) => Buffer.from([byte])));
  });

  test("[F17] a character split over two pieces is whole again (Bun)", async () => {
    const whole = Buffer.from('{"type":"ping","x":"你好"}');
    const middle = whole.indexOf(Buffer.from("你")) + 1;
    await expectPongAfter(
      rawFrame(text, whole.subarray(0, middle), { fin: false }),
      rawFrame(continuation, whole.subarray(middle)),
    );
  });

  test("[F11] [F12] 65,536 bytes are read; one more is 1009, also in pieces (Bun)", async () => {
    const padded = (length: number): string =>
      ping.slice(0, -1) + " ".repeat(length - ping.length) + "}";
    await expectPongAfter(rawFrame(text, padded(65_536)));
    expect(await closingAfter(rawFrame(text, padded(65_537)))).toMatchObject({
      code: 1009,
    });
    const pieces = Array.from({ length: 64 }, (_, index) =>
      rawFrame(index === 0 ? text : continuation, " ".repeat(1024), {
        fin: false,
      }),
    );
    const last = rawFrame(continuation, " ");
    expect((await closingAfter(...pieces, last)).code).toBe(1009);
  });

  test("[T43] 65,537 bytes are refused as soon as they are announced (Bun)", async () => {
    const head = rawFrame(text, "", { announced: 65_537n });
    expect((await closingAfter(head)).code).toBe(1009);
  });

  test.each([1000, 3000, 4999])(
    "a close with %d is echoed (Bun)",
    async (code) => {
      expect((await closingAfter(closeFrame(code, "bye"))).code).toBe(code);
    },
  );

  test("[F22] what comes after a close is ignored (Bun)", async () => {
    const post = jsonFrame({ type: "unfollow", id: 7, stream: "inbox" });
    const { code } = await closingAfter(
      closeFrame(1000),
      post,
      closeFrame(3000),
    );
    expect(code).toBe(1000);
  });

  test("[F23] [F28] after a close or a FIN our side is closed at once (Bun)", async () => {
    const closing = await greeted();
    closing.write(closeFrame(1000));
    await closing.ended;
    closing.close();
    const half = await greeted();
    half.halfClose();
    await half.ended;
    half.close();
  });
});

describe("messages that are none of ours", () => {
  const misused: Record<string, [Uint8Array, string]> = {
    "[F18] binary": [rawFrame(binary, ping), "bad_frame"],
    "[F18] empty binary": [rawFrame(binary), "bad_frame"],
    "[F19] empty text": [rawFrame(text), "bad_json"],
    "[F31] an attachment of Socket.IO": [
      rawFrame(text, '53-["x",{"_placeholder":true,"num":0}]'),
      "bad_json",
    ],
  };
  test.each(Object.entries(misused))(
    "%s: closed with 4009 and the reason's code",
    async (_, [bytes, reason]) => {
      expect(await closingAfter(bytes)).toEqual({ code: 4009, reason });
    },
  );
});
