import { afterEach, beforeEach, expect, test } from "bun:test";
import { readFrame } from "@parley/protocol";
import { cid, enter, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { jsonFrame, opcodes } from "../testing/raw-frames.ts";
import { RawSocket } from "../testing/raw-socket.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs } from "../testing/test-guest.ts";

// What a socket's queue has no room for is dropped by Bun. Whoever reads on
// before the server has looked at the backlogs must not go on behind such a hole.

const bigText = "😀".repeat(10_000);

let server: TestServer;
let poster: Present;

beforeEach(async () => {
  // With seconds that long nothing but Bun itself can close anybody.
  const environment = {
    ...generous,
    PARLEY_FRAME_RATE: "10000/s burst 100000",
  };
  server = await startTestServer(environment, { secondMs: 60_000 });
  poster = await enter(server, "Poster");
});
afterEach(() => server[Symbol.asyncDispose]());

test("[S-1] [P14] a reader that fell too far behind and reads on at once is cut, or has no hole", async () => {
  const guest = await joinAs(server, "Reader");
  const reader = await RawSocket.upgrade(server, {
    "Sec-WebSocket-Protocol": "parley.v1",
    Cookie: guest.cookie,
  });
  const cursors = { inbox: 0, [poster.lobby]: 0 };
  reader.write(jsonFrame({ type: "hello", id: 1, cursors }));
  await reader.object(({ type }) => type === "ready");
  reader.pause();
  // Some four megabytes are the kernel's, one more is the queue's.
  for (let n = 0; n < 5; n += 1) {
    await Promise.all(Array.from({ length: 30 }, () => poster.say(bigText)));
  }
  reader.resume();

  const seqs: number[] = [];
  const end = cid();
  let isOver = false;
  const isRead = (async () => {
    for (;;) {
      const frame = await reader.frame();
      if (frame === undefined || frame.opcode === opcodes.close) break;
      const objects = readFrame(frame.payload.toString());
      for (const { stream, seq } of objects) {
        if (stream === poster.lobby && seq !== undefined) {
          seqs.push(Number(seq));
        }
      }
      if (objects.some(({ text }) => text === end)) break;
    }
    isOver = true;
  })();
  // More comes as long as it reads, so that it learns of what is missing.
  const isStillReading = (): boolean => !isOver;
  while (isStillReading()) await poster.say(end);
  await isRead;

  const [first = 0] = seqs;
  expect(seqs.length).toBeGreaterThan(50);
  expect(seqs).toEqual(seqs.map((_, index) => first + index));
  reader.close();
  await poster.leave();
});
