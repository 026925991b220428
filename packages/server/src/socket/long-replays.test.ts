import {
  afterAll,
  beforeAll,
  expect,
  setDefaultTimeout,
  spyOn,
  test,
} from "bun:test";
import type { FrameObject } from "@parley/protocol";
import * as events from "../store/reads/events.ts";
import { enter, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { TestSocket } from "../testing/test-socket.ts";

// What is missed is more than a feed keeps for those who come back: it is read
// in pages, by many at once who are all at another place, while the room goes on.

setDefaultTimeout(30_000);

const head = 1_500;
const crowd = 40;

let server: TestServer;
let ann: Present;
let room: string;
const reads = spyOn(events, "eventsOf");

beforeAll(async () => {
  server = await startTestServer({
    ...generous,
    PARLEY_LIMITS: "off",
    PARLEY_REPLAY_EVENTS: "10000",
  });
  ann = await enter(server, "Ann");
  room = await ann.makeRoom("Room");
  for (let said = 2; said < head; said += 50) {
    const length = Math.min(50, head - said);
    const text = "x".repeat(1_500);
    await Promise.all(Array.from({ length }, () => ann.say(text, room)));
  }
});

afterAll(async () => {
  reads.mockRestore();
  await server[Symbol.asyncDispose]();
});

/** The numbers of the room that came, in order. */
function seqsIn(received: readonly FrameObject[]): number[] {
  return received
    .filter(({ stream, seq }) => stream === room && seq !== undefined)
    .map(({ seq }) => Number(seq));
}

test("[P8] [S-1] a crowd that is far behind, each somewhere else, gets a run each, and what is said meanwhile", async () => {
  reads.mockClear();
  const sockets = await Promise.all(
    Array.from({ length: crowd }, async (_, n) => {
      const { cookie } = ann.guest;
      const socket = await TestSocket.open(server, {
        cookie,
        protocols: ["parley.v1"],
      });
      const at = n * 7;
      const { epoch } = ann;
      socket.send({ type: "hello", id: 1, epoch, cursors: { [room]: at } });
      return { socket, at };
    }),
  );
  const said = 20;
  for (let n = 0; n < said; n += 1) await ann.say("meanwhile", room);
  for (const { socket, at } of sockets) {
    await socket.next(({ type }) => type === "ready");
    await socket.next(
      ({ stream, seq }) => stream === room && seq === head + said,
    );
    expect(seqsIn(socket.received)).toEqual(
      Array.from({ length: head + said - at }, (_, n) => at + n + 1),
    );
    socket.close();
  }
  // In pages of a hundred, one less full at the beginning and at the end.
  const pages = Math.ceil((head + said) / 100) + 1;
  expect(reads.mock.calls.length).toBeLessThanOrEqual(crowd * pages);
});
