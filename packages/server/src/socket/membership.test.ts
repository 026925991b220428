import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { FrameObject } from "@parley/protocol";
import { cid, enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";

// What a person may not see never reaches their sockets, and all their devices
// learn what they may.

let server: TestServer;
let ann: Present;
let bob: Present;
let phone: Present;
let room: string;

beforeAll(async () => {
  server = await startTestServer(generous);
});
afterEach(async () => {
  for (const present of [ann, bob, phone]) await present.leave();
  await expectServing(server);
});
afterAll(() => server[Symbol.asyncDispose]());

/** Ann's room with Bob in it, who follows it on two devices. */
async function begin(): Promise<void> {
  ann = await enter(server, "Ann");
  room = await ann.makeRoom(`Room ${cid()}`);
  await ann.ask({ type: "follow", stream: room, cursor: 2 });
  bob = await enter(server, "Bob");
  const joined = await bob.ask({ type: "room.join", stream: room, cid: cid() });
  expect(joined).toMatchObject({ type: "ok", stream: room, seq: 3 });
  const cursors = { inbox: 2, [room]: 3 };
  phone = await enter(server, "", { guest: bob.guest, cursors });
  await bob.ask({ type: "follow", stream: room, cursor: 3 });
}

function leaveRoom(who: Present): Promise<FrameObject> {
  return who.ask({ type: "room.leave", stream: room, cid: cid() });
}

/** Texts that came to this connection from the room. */
function texts({ socket }: Present): unknown[] {
  return socket.received
    .filter((object) => object["stream"] === room && "by" in object)
    .map((object) => object["text"] ?? object.type);
}

test("[A-1] [P21] who leaves hears that, and nothing later, on any device", async () => {
  await begin();
  await ann.say("before", room);
  await bob.hears("before");
  const left = await leaveRoom(bob);
  expect(left).toMatchObject({ type: "ok", stream: room });
  await ann.say("after", room);
  await ann.hears("after");
  for (const device of [bob, phone]) {
    // What was published before this answer would have come before it.
    await device.ask({ type: "unfollow", stream: "inbox" });
    expect(texts(device)).toEqual(["before", "member.left"]);
  }
});

test("[A-1] posts in flight at the moment of leaving end with it", async () => {
  await begin();
  const posts = Array.from({ length: 30 }, (_, n) => ann.say(`${n}`, room));
  const left = leaveRoom(bob);
  posts.push(...Array.from({ length: 15 }, (_, n) => ann.say(`${n}`, room)));
  await Promise.all(posts);
  const { seq } = await left;
  await ann.say("last", room);
  await ann.hears("last");
  for (const device of [bob, phone]) {
    await device.ask({ type: "unfollow", stream: "inbox" });
    const seqs = device.socket.received
      .filter((object) => object["stream"] === room && "by" in object)
      .map((object) => Number(object["seq"]));
    expect(seqs).toEqual(seqs.map((_, index) => 4 + index));
    expect(seqs.at(-1)).toBe(Number(seq));
  }
});

/** The answers of somebody who was never there. */
async function expectOutside(device: Present): Promise<void> {
  const stream = room;
  const follow = { type: "follow", stream, cursor: 0 };
  expect(await device.ask(follow)).toMatchObject({ type: "gone", stream });
  for (const command of [
    { type: "history", stream, after: 0, upTo: 1 },
    { type: "message.post", stream, cid: cid(), text: "hello" },
    { type: "read.mark", stream, upTo: 1 },
  ]) {
    expect(await device.ask(command)).toMatchObject({ code: "not_found" });
  }
}

test("[A-1] [A-4] who has left gets the answers of who was never there", async () => {
  await begin();
  expect(await leaveRoom(phone)).toMatchObject({ type: "ok" });
  await expectOutside(phone);
  await expectOutside(bob);
});

test("[A-1] also when nobody here follows the room, nor they their inbox", async () => {
  ann = await enter(server, "Ann");
  room = await ann.makeRoom(`Room ${cid()}`);
  const tablet = await enter(server, "Bob", { cursors: {} });
  await tablet.ask({ type: "room.join", stream: room, cid: cid() });
  await tablet.leave();
  const { guest } = tablet;
  bob = await enter(server, "", { guest, cursors: {} });
  phone = await enter(server, "", { guest, cursors: {} });
  expect(await leaveRoom(bob)).toMatchObject({ type: "ok" });
  await expectOutside(phone);
  await expectOutside(bob);
});

test("[J30] [D-4] a post that comes just after the leaving is never stored", async () => {
  await begin();
  bob.socket.send([
    { type: "room.leave", id: 60, stream: room, cid: cid() },
    {
      type: "message.post",
      id: 61,
      stream: room,
      cid: cid(),
      text: "too late",
    },
  ]);
  const answer = await bob.socket.next(({ id }) => id === 61);
  expect(answer).toMatchObject({ code: "not_found", retryable: false });
  await ann.say("last", room);
  await ann.hears("last");
  expect(texts(ann)).not.toContain("too late");
});

test("[S-5] leaving and joining again ends as the last acknowledged says", async () => {
  await begin();
  bob.socket.send([
    { type: "room.leave", id: 60, stream: room, cid: cid() },
    { type: "room.join", id: 61, stream: room, cid: cid() },
    { type: "room.leave", id: 62, stream: room, cid: cid() },
    { type: "room.join", id: 63, stream: room, cid: cid() },
    { type: "follow", id: 64, stream: room, cursor: 3 },
  ]);
  const answer = await bob.socket.next(({ id }) => id === 64);
  expect(answer).toMatchObject({ type: "live", heads: { [room]: 7 } });
  await ann.say("welcome back", room);
  await bob.hears("welcome back");
});

test("[U-5] every device learns by its inbox what was joined, read and left", async () => {
  await begin();
  const { seq } = await ann.say("read me", room);
  await bob.ask({ type: "read.mark", stream: room, upTo: Number(seq) });
  await leaveRoom(bob);
  const inbox = (type: string): Promise<FrameObject> =>
    phone.socket.next(
      (object) => object["stream"] === "inbox" && object.type === type,
    );
  expect(await inbox("read.marked")).toMatchObject({
    seq: 3,
    room,
    upTo: seq,
    unread: 0,
    head: seq,
  });
  expect(await inbox("room.left")).toMatchObject({ seq: 4, room });

  await bob.ask({ type: "room.join", stream: room, cid: cid() });
  expect(await inbox("room.joined")).toMatchObject({
    seq: 5,
    room: { stream: room, kind: "public", unread: 0 },
  });
});

test("joining twice is answered with `repeated` and told to nobody again", async () => {
  await begin();
  const once = await bob.ask({ type: "room.join", stream: room, cid: cid() });
  expect(once).toMatchObject({ type: "ok", seq: 3, repeated: true });
  const left = await leaveRoom(bob);
  const again = await leaveRoom(bob);
  expect(again).toMatchObject({ seq: left["seq"], repeated: true });
  await ann.say("last", room);
  await ann.hears("last");
  expect(texts(ann)).toEqual(["member.joined", "member.left", "last"]);
});

test("nobody leaves the lobby", async () => {
  await begin();
  const command = { type: "room.leave", stream: bob.lobby, cid: cid() };
  expect(await bob.ask(command)).toMatchObject({ code: "forbidden" });
});
