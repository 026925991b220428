import { afterEach, describe, expect, spyOn, test } from "bun:test";
import { limits, type FrameObject } from "@parley/protocol";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as events from "../store/reads/events.ts";
import { cid, enter, type Cursors, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs, roomsOf } from "../testing/test-guest.ts";
import { TestSocket } from "../testing/test-socket.ts";

// How much is replayed is a setting, and in how many streams does not matter.

const environment = { ...generous, PARLEY_LIMITS: "off" };

let stop: (() => PromiseLike<void>)[] = [];
afterEach(async () => {
  for (const one of stop.reverse()) await one();
  stop = [];
});

async function start(
  settings: Record<string, string> = {},
  folder?: string,
): Promise<TestServer> {
  const all = { ...environment, ...settings };
  const server = await startTestServer(all, folder ? { folder } : {});
  stop.push(() => server[Symbol.asyncDispose]());
  return server;
}

async function sayMany(ann: Present, room: string, count: number) {
  for (let said = 0; said < count; said += 50) {
    const length = Math.min(50, count - said);
    const posts = Array.from({ length }, () => ann.say("hello", room));
    for (const answer of await Promise.all(posts)) {
      expect(answer).toMatchObject({ type: "ok" });
    }
  }
}

/** All that comes in answer to a hello with these cursors, up to ready. */
async function resume(
  server: TestServer,
  { guest, epoch }: Pick<Present, "guest" | "epoch">,
  cursors: Cursors,
): Promise<FrameObject[]> {
  const { cookie } = guest;
  const protocols = ["parley.v1"];
  const socket = await TestSocket.open(server, { cookie, protocols });
  socket.send({ type: "hello", id: 1, epoch, cursors });
  await socket.next(({ type }) => type === "ready");
  socket.close();
  return socket.received;
}

function seqsOf(came: readonly FrameObject[], room: string): unknown[] {
  const own = came.filter(({ stream }) => stream === room);
  return own.map(({ type, seq }) => seq ?? type);
}

function run(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

describe.each([
  { replayEvents: 0, head: 60 },
  { replayEvents: 10, head: 60 },
  { replayEvents: 300, head: 360 },
  { replayEvents: 700, head: 760 },
])("PARLEY_REPLAY_EVENTS=$replayEvents", ({ replayEvents, head }) => {
  // At hand it is while the server runs; of one that has just started the
  // store has to be asked.
  test.each(["that runs", "that has just started"])(
    "[P8] on a server %s so many are replayed, one more is a page",
    async (which) => {
      const folder = mkdtempSync(path.join(tmpdir(), "parley-replay-"));
      stop.push(() => {
        rmSync(folder, { recursive: true, force: true });
        return Promise.resolve();
      });
      const settings = { PARLEY_REPLAY_EVENTS: String(replayEvents) };
      let server = await start(settings, folder);
      const ann = await enter(server, "Ann");
      const room = await ann.makeRoom("Room");
      await sayMany(ann, room, head - 2);
      if (which !== "that runs") {
        await server[Symbol.asyncDispose]();
        server = await start(settings, folder);
      }

      const near = await resume(server, ann, { [room]: head - replayEvents });
      expect(seqsOf(near, room)).toEqual(run(head - replayEvents + 1, head));
      expect(near[0]?.["limits"]).toMatchObject({ replayEvents });

      const at = head - replayEvents - 1;
      const far = await resume(server, ann, { [room]: at });
      const reset = far.find(({ type }) => type === "reset");
      expect(reset).toMatchObject({ reason: "far", head });
      const page = reset?.["events"] as FrameObject[];
      expect(page.map(({ seq }) => seq)).toEqual(
        run(head - limits.resetEvents + 1, head),
      );
      expect(reset?.["people"]).toEqual([
        { id: ann.id, name: "Ann", kind: "guest" },
      ]);
      expect(seqsOf(far, room)).toEqual(["reset"]);
    },
  );
});

test("[P8] of 500 streams of which 100 moved each is a run, and the store is asked a few questions, not a hundred", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "parley-replay-"));
  stop.push(() => {
    rmSync(folder, { recursive: true, force: true });
    return Promise.resolve();
  });
  const first = await start({}, folder);
  const ann = await enter(first, "Ann");
  const rooms: string[] = [];
  while (rooms.length < 500) {
    const made = Array.from({ length: 50 }, () =>
      ann.ask({ type: "room.create", cid: cid(), name: `Room ${cid()}` }),
    );
    for (const { stream } of await Promise.all(made)) {
      rooms.push(String(stream));
    }
  }
  const guest = await joinAs(first, "Ben");
  const ben = await enter(first, "", { guest, cursors: {} });
  for (let from = 0; from < rooms.length; from += 50) {
    const joins = rooms
      .slice(from, from + 50)
      .map((stream) => ben.ask({ type: "room.join", stream, cid: cid() }));
    await Promise.all(joins);
  }
  const { epoch, inbox, rooms: known } = await roomsOf(first, guest);
  const cursors: Cursors = { inbox };
  for (const { stream, head } of known) cursors[stream] = head;
  const moved = rooms.filter((_, index) => index % 5 === 0);
  for (const [index, room] of moved.entries()) {
    await sayMany(ann, room, 1 + (index % 7) * 10);
  }
  await first[Symbol.asyncDispose]();

  const second = await start({}, folder);
  const reads = spyOn(events, "eventsOf");
  const came = await resume(second, { guest, epoch }, cursors);
  const questions = reads.mock.calls.length;
  reads.mockRestore();
  const live: Record<string, number> = {};
  for (const object of came) {
    if (object.type === "live") Object.assign(live, object["heads"]);
  }
  expect(Object.keys(live).sort()).toEqual(Object.keys(cursors).sort());
  for (const [index, room] of moved.entries()) {
    const at = Number(cursors[room]);
    expect(seqsOf(came, room)).toEqual(run(at + 1, at + 1 + (index % 7) * 10));
  }
  expect(came.at(-1)).toMatchObject({ type: "ready" });
  // A thousand events each.
  expect(questions).toBeWithin(1, 11);
}, 20_000);
