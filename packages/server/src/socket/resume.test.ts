import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  test,
} from "bun:test";
import { limits, type FrameObject } from "@parley/protocol";
import { cid, enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs } from "../testing/test-guest.ts";
import { TestSocket } from "../testing/test-socket.ts";

// Coming back by cursor, against a real server. What can go wrong between two
// steps of it is in catch-up.test.ts.

let server: TestServer;
let ann: Present;

beforeAll(async () => {
  const environment = { ...generous, PARLEY_FRAME_RATE: "1000/s burst 10000" };
  server = await startTestServer(environment);
  ann = await enter(server, "Ann");
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

/** A new room in which so many messages were said; its first two events are its making. */
async function roomWith(messages: number): Promise<string> {
  const room = await ann.makeRoom(`Room ${cid()}`);
  while (messages > 0) {
    const count = Math.min(messages, 50);
    const said = Array.from({ length: count }, () => ann.say("hello", room));
    await Promise.all(said);
    messages -= count;
  }
  return room;
}

/** Says hello as Ann with these cursors and answers all that came up to ready. */
async function resume(
  cursors: Record<string, number | null>,
  epoch: string = ann.epoch,
): Promise<FrameObject[]> {
  const { cookie } = ann.guest;
  const protocols = ["parley.v1"];
  const socket = await TestSocket.open(server, { cookie, protocols });
  socket.send({ type: "hello", id: 1, epoch, cursors });
  await socket.next(({ type }) => type === "ready");
  socket.close();
  return socket.received;
}

function ofStream(objects: readonly FrameObject[], stream: string): number[] {
  return objects
    .filter((object) => object["stream"] === stream && "seq" in object)
    .map(({ seq }) => Number(seq));
}

function run(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

describe("from a cursor", () => {
  let room: string;
  const head = 12;

  beforeAll(async () => {
    room = await roomWith(head - 2);
  });

  test("[S-1] at the head it is live at once and nothing is repeated", async () => {
    const came = await resume({ [room]: head });
    expect(came.map(({ type }) => type)).toEqual(["welcome", "live", "ready"]);
    expect(came[1]).toMatchObject({ id: 1, heads: { [room]: head } });
  });

  test.each([0, 1, head - 1])(
    "[S-1] from %d all that is missing comes, once",
    async (at) => {
      const came = await resume({ [room]: at });
      expect(ofStream(came, room)).toEqual(run(at + 1, head));
      const types = came.map(({ type }) => type);
      expect(types.at(-2)).toBe("live");
      expect(types.at(-1)).toBe("ready");
    },
  );

  test("what is replayed is what was live, to the letter", async () => {
    const bob = await enter(server, "Bob");
    const text = `to the letter ${cid()} 你好 😀`;
    await ann.say(text);
    const live = await bob.hears(text);
    const came = await resume({ [ann.lobby]: Number(live["seq"]) - 1 });
    expect(came).toContainEqual(live);
    await bob.leave();
  });

  test("[J11] beyond the head it is reset as from the future", async () => {
    const came = await resume({ [room]: head + 1 });
    expect(came[1]).toMatchObject({ type: "reset", reason: "future", head });
  });

  test("without one it is a fresh page", async () => {
    const [, reset] = await resume({ [room]: null });
    expect(reset).toMatchObject({
      type: "reset",
      stream: room,
      reason: "fresh",
      head,
      unread: 0,
      people: [{ id: ann.id, name: "Ann", kind: "guest" }],
    });
    expect(ofStream(reset?.["events"] as FrameObject[], room)).toEqual(
      run(1, head),
    );
  });

  test("[J21] of another epoch it is a fresh page, however right the number", async () => {
    const [, reset, ready] = await resume({ [room]: head }, "otherlog");
    expect(reset).toMatchObject({ type: "reset", reason: "epoch", head });
    expect(ready).toMatchObject({ type: "ready" });
  });

  test("of the inbox, too, and its page is empty: the list of rooms is over HTTP", async () => {
    const [, reset] = await resume({ inbox: null });
    expect(reset).toMatchObject({ type: "reset", stream: "inbox", events: [] });
  });
});

describe("far behind", () => {
  test("[P8] 300 events are replayed, one more is a page of the newest 50", async () => {
    const head = 310;
    const room = await roomWith(head - 2);
    const near = await resume({ [room]: head - limits.replayEvents });
    expect(ofStream(near, room)).toEqual(run(11, head));

    const far = await resume({ [room]: head - limits.replayEvents - 1 });
    expect(ofStream(far, room)).toEqual([]);
    const [, reset] = far;
    expect(reset).toMatchObject({ type: "reset", reason: "far", head });
    expect(ofStream(reset?.["events"] as FrameObject[], room)).toEqual(
      run(head - limits.resetEvents + 1, head),
    );
  });

  test("[P14] long messages come in portions, and a page of them is short, not huge", async () => {
    const room = await roomWith(0);
    const text = "😀".repeat(10_000);
    for (let n = 0; n < 20; n += 1) await ann.say(text, room);
    expect(ofStream(await resume({ [room]: 0 }), room)).toEqual(run(1, 22));
    const [, reset] = await resume({ [room]: null });
    const events = reset?.["events"] as FrameObject[];
    expect(events.at(-1)).toMatchObject({ seq: 22 });
    expect(JSON.stringify(events).length).toBeLessThan(2 * limits.frameBytes);
    expect(events.length).toBeGreaterThan(0);
  });
});

describe("after it", () => {
  test("[S-2] two follows of one stream are both answered, and each event comes once", async () => {
    const room = await roomWith(0);
    const came = await enter(server, "", { guest: ann.guest, cursors: {} });
    came.socket.send([
      { type: "follow", id: 50, stream: room, cursor: 0 },
      { type: "follow", id: 51, stream: room, cursor: 2 },
    ]);
    for (const id of [50, 51]) {
      const answer = await came.socket.next((object) => object.id === id);
      expect(answer).toMatchObject({ type: "live", heads: { [room]: 2 } });
    }
    await ann.say("once", room);
    await ann.say("last", room);
    await came.hears("last");
    expect(ofStream(came.socket.received, room)).toEqual([1, 2, 3, 4]);
    await came.leave();
  });

  test("[S-5] what is followed and unfollowed in one frame stays unfollowed", async () => {
    const room = await roomWith(0);
    const came = await enter(server, "", { guest: ann.guest, cursors: {} });
    came.socket.send([
      { type: "follow", id: 50, stream: room, cursor: 2 },
      { type: "unfollow", id: 51, stream: room },
    ]);
    await came.socket.next(({ id }) => id === 51);
    await ann.ask({ type: "follow", stream: room, cursor: 2 });
    await ann.say("not for this connection", room);
    await ann.hears("not for this connection");
    // An answer that comes after the event would have come.
    await came.ask({ type: "unfollow", stream: room });
    expect(ofStream(came.socket.received, room)).toEqual([]);
    await came.leave();
  });

  test("history fills a hole of up to 100, and only what is there", async () => {
    const room = await roomWith(118);
    const ask = (after: number, upTo: number): Promise<FrameObject> =>
      ann.ask({ type: "history", stream: room, after, upTo });
    const answer = await ask(10, 110);
    expect(ofStream(answer["events"] as FrameObject[], room)).toEqual(
      run(11, 110),
    );
    expect(await ask(7, 7)).toMatchObject({ type: "events", events: [] });
    for (const [after, upTo] of [
      [10, 111],
      [20, 10],
      [110, 121],
    ] as const) {
      expect(await ask(after, upTo)).toMatchObject({ code: "invalid_seq" });
    }
  });

  test("[T49] a history of long messages is a run from its beginning, of about 64 KiB", async () => {
    const room = await roomWith(0);
    for (let n = 0; n < 12; n += 1) await ann.say("x".repeat(9_999), room);
    const { events } = await ann.ask({
      type: "history",
      stream: room,
      after: 2,
      upTo: 14,
    });
    const found = ofStream(events as FrameObject[], room);
    expect(found.length).toBeWithin(5, 8);
    expect(found).toEqual(run(3, 2 + found.length));
    expect(JSON.stringify(events).length).toBeLessThan(80_000);
  });

  test("[A-4] a stream that is not there and one that may not be seen get the same answers", async () => {
    const hidden = await roomWith(3);
    const bob = await enter(server, "Bob");
    const [one, other] = await Promise.all(
      [hidden, "r_Zz19Qe4tYu"].map(async (stream) => {
        const answers = [
          await bob.ask({ type: "follow", stream, cursor: null }),
          await bob.ask({ type: "follow", stream, cursor: 1 }),
          await bob.ask({ type: "history", stream, after: 0, upTo: 1 }),
          await bob.say("hello", stream),
          await bob.ask({ type: "read.mark", stream, upTo: 1 }),
        ];
        const said = JSON.stringify(answers).replaceAll(stream, "?");
        return said.replaceAll(/"id":\d+/g, "");
      }),
    );
    expect(one).toContain("gone");
    expect(one).toContain("not_found");
    expect(one).toBe(other ?? "");
    await bob.leave();
  });
});

test("[A-5] nobody reads another's inbox: the name means one's own", async () => {
  const bob = await joinAs(server, "Bob");
  const stranger = await enter(server, "Eve", { cursors: {} });
  for (const stream of [`inbox:${bob.me.id}`, bob.me.id]) {
    const answer = await stranger.ask({ type: "follow", stream, cursor: 0 });
    expect(answer).toMatchObject({ type: "error", code: "not_found" });
  }
  const own = await stranger.ask({
    type: "follow",
    stream: "inbox",
    cursor: 0,
  });
  expect(own).toMatchObject({ type: "live", heads: { inbox: 1 } });
  const joined = await stranger.socket.next(({ seq }) => seq === 1);
  expect(joined).toMatchObject({ type: "room.joined", by: stranger.id });
  await stranger.leave();
});
