import { afterEach, beforeEach, expect, test } from "bun:test";
import { readFrame, type FrameObject } from "@parley/protocol";
import { cid, enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { jsonFrame, opcodes } from "../testing/raw-frames.ts";
import { RawSocket } from "../testing/raw-socket.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs, type TestGuest } from "../testing/test-guest.ts";
import { TestSocket } from "../testing/test-socket.ts";

// A reader that does not read harms itself alone, and misses nothing when it
// comes back. The kernel takes some four megabytes before the server notices.

const secondMs = 20;
const bigText = "😀".repeat(10_000);

let server: TestServer;
let poster: Present;
let guest: TestGuest;
let reader: RawSocket;
let answering: Timer;

beforeEach(async () => {
  server = await startTestServer(
    {
      ...generous,
      PARLEY_FRAME_RATE: "1000/s burst 10000",
      // So that coming back shows that the slow connection is gone.
      PARLEY_CONNECTIONS_PER_PERSON_MAX: "1",
    },
    { secondMs },
  );
  poster = await enter(server, "Poster");
  guest = await joinAs(server, "Reader");
  reader = await RawSocket.upgrade(server, {
    "Sec-WebSocket-Protocol": "parley.v1",
    Cookie: guest.cookie,
  });
  const cursors = { inbox: 0, [poster.lobby]: 0 };
  reader.write(jsonFrame({ type: "hello", id: 1, cursors }));
  await reader.object(({ type }) => type === "ready");
  reader.pause();
  // It is not dead: it answers pings, which it has not read.
  answering = setInterval(() => {
    reader.write(jsonFrame({ type: "pong" }));
  }, 5 * secondMs);
});
afterEach(async () => {
  clearInterval(answering);
  reader.close();
  await expectServing(server);
  await server[Symbol.asyncDispose]();
});

/** Posts so many texts of 40,000 bytes and waits until they are stored. */
async function post(count: number): Promise<void> {
  const answers = Array.from({ length: count }, () => poster.say(bigText));
  for (const answer of await Promise.all(answers)) {
    expect(answer).toMatchObject({ type: "ok" });
  }
}

/** Comes back as the same person; undefined while the slow connection lives. */
async function comeBack(cursors: object): Promise<TestSocket | undefined> {
  const { cookie } = guest;
  const protocols = ["parley.v1"];
  const socket = await TestSocket.open(server, { cookie, protocols });
  socket.send({ type: "hello", id: 1, cursors });
  const isReady = await Promise.race([
    socket.next(({ type }) => type === "ready").then(() => true),
    socket.closed.then(() => false),
  ]);
  return isReady ? socket : undefined;
}

/** Reads what is left, up to the end. */
async function readOn(): Promise<{ seqs: number[]; code: number }> {
  clearInterval(answering);
  const seqs: number[] = [];
  reader.resume();
  for (;;) {
    const frame = await reader.frame();
    if (frame === undefined) return { seqs, code: 1006 };
    if (frame.opcode === opcodes.close) {
      return { seqs, code: frame.payload.readUInt16BE() };
    }
    seqs.push(...lobbySeqs(readFrame(frame.payload.toString())));
  }
}

function lobbySeqs(objects: readonly FrameObject[]): number[] {
  return objects
    .filter(({ stream, seq }) => stream === poster.lobby && seq !== undefined)
    .map(({ seq }) => Number(seq));
}

/** What a slow reader got before and after it came back, as one run. */
async function expectNothingMissed(before: readonly number[]): Promise<void> {
  const last = before.at(-1) ?? 0;
  const socket = await comeBack({ [poster.lobby]: last });
  const after = lobbySeqs(socket?.received ?? []);
  const all = [...before, ...after];
  const first = all[0] ?? 0;
  expect(all).toEqual(all.map((_, index) => first + index));
  const head = poster.socket.received.findLast(({ seq }) => seq !== undefined);
  expect(all.at(-1)).toBe(Number(head?.["seq"]));
  socket?.close();
}

test("[P14] [F29] [T47] a reader a megabyte behind is cut, others get everything, and it resumes without a gap", async () => {
  const healthy = await enter(server, "Healthy");
  for (let n = 0; n < 5; n += 1) await post(30);
  const last = cid();
  await poster.say(last);
  await healthy.hears(last);
  const heard = healthy.socket.received.filter(({ text }) => text === bigText);
  expect(heard).toHaveLength(150);

  const { seqs, code } = await readOn();
  expect(code).toBe(1006);
  await expectNothingMissed(seqs);
});

test("[P14] [F29] a reader that is less behind but makes no progress is closed with 4108, and resumes without a gap", async () => {
  for (let n = 0; n < 3; n += 1) await post(30);
  let back: TestSocket | undefined;
  // Each time 400 KB more: at some time that is a backlog which the server
  // notices and does not yet cut.
  for (let n = 0; n < 20 && back === undefined; n += 1) {
    await post(10);
    await Bun.sleep(13 * secondMs);
    back = await comeBack({});
  }
  back?.close();
  await back?.closed;

  const { seqs, code } = await readOn();
  expect(code).toBe(4108);
  await expectNothingMissed(seqs);
});
