import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { FrameObject } from "@parley/protocol";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { cid, enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";

// Who is taken out of a room, or was never in it, gets nothing of it: no event,
// no signal, no name, and no answer by which they could tell that it is there.

let server: TestServer;
let ann: Present;
let bob: Present;
let phone: Present;
let eve: Present;
/** Ann's private room, with Bob in it, who follows it on two devices. */
let room: string;

beforeAll(async () => {
  server = await startTestServer(generous);
});
afterEach(async () => {
  for (const present of [ann, bob, phone, eve]) await present.leave();
  await expectServing(server);
});
afterAll(() => server[Symbol.asyncDispose]());

async function begin(): Promise<void> {
  ann = await enter(server, "Ann");
  const made = await ann.ask({
    ...{ type: "room.create", cid: cid() },
    ...{ name: "Secret plans", topic: "Hush", kind: "private" },
  });
  room = String(made["stream"]);
  await ann.ask({ type: "follow", stream: room, cursor: 2 });
  bob = await enter(server, "Bob");
  eve = await enter(server, "Eve");
  await ann.ask({
    ...{ type: "room.invite", stream: room, cid: cid() },
    people: [bob.id],
  });
  // The invitation opens it: what their inbox says is true at once.
  await bob.socket.next(({ type }) => type === "room.joined");
  const followed = await bob.ask({ type: "follow", stream: room, cursor: 3 });
  expect(followed).toMatchObject({ type: "live" });
  const cursors = { inbox: 0, [room]: 0 };
  phone = await enter(server, "", { guest: bob.guest, cursors });
}

/** Everything that can come of a room, one after the other. */
async function stir(): Promise<void> {
  ann.socket.send({ type: "typing", stream: room });
  await ann.socket.next(
    (object) => object.type === "typing" && object["stream"] === room,
  );
  const { seq } = await ann.say("after", room);
  for (const command of [
    { type: "message.delete", stream: room, message: seq },
    { type: "room.change", stream: room, topic: "Later", readOnly: true },
    { type: "room.change", stream: room, archived: true },
  ]) {
    const answer = await ann.ask({ ...command, cid: cid() });
    expect(answer).toMatchObject({ type: "ok" });
  }
}

/** What came to this connection that is about the room. */
async function heard(who: Present, from = 0): Promise<FrameObject[]> {
  // What was published before these answers would have come before them.
  await who.say(`mark ${cid()}`);
  await who.ask({ type: "unfollow", stream: room });
  return who.socket.received
    .slice(from)
    .filter((object) => JSON.stringify(object).includes(room))
    .filter(({ type }) => type !== "ok" && type !== "error");
}

/** The answers to whatever can be asked of a room, byte for byte but for its id. */
async function answersOf(who: Present, stream: string): Promise<string[]> {
  const answers: string[] = [];
  const commands: object[] = [
    { type: "follow", stream, cursor: 0 },
    { type: "follow", stream, cursor: null },
    { type: "follow", stream, cursor: 99 },
    { type: "history", stream, after: 0, upTo: 1 },
    { type: "message.post", stream, text: "hello" },
    { type: "message.delete", stream, message: 4 },
    { type: "message.delete", stream, message: 1 },
    { type: "room.join", stream },
    { type: "room.leave", stream },
    { type: "room.change", stream, name: "Mine" },
    { type: "room.change", stream, kind: "public" },
    { type: "room.change", stream },
    { type: "room.invite", stream, people: [who.id] },
    { type: "room.remove", stream, person: ann.id },
    { type: "room.arrange", stream, muted: true },
    { type: "member.change", stream, person: ann.id, moderator: false },
    { type: "read.mark", stream, upTo: 1 },
  ];
  for (const command of commands) {
    const answer = await who.ask({ ...command, cid: cid() });
    answers.push(JSON.stringify({ ...answer, id: 0 }).replace(stream, "room"));
  }
  for (const part of ["messages", "members", "presence"]) {
    const path = `/api/streams/${stream}/${part}`;
    const { cookie } = who.guest;
    const answer = await askHttp(server, path, { cookie });
    expectRefusal(answer, "not_found");
    answers.push(answer.text);
  }
  return answers;
}

/** To this one the room is as one that there never was. */
async function expectNothingThere(who: Present): Promise<void> {
  const answers = await answersOf(who, room);
  expect(answers).toEqual(await answersOf(who, "r_0000000000"));
  for (const answer of answers) {
    expect(answer).toMatch(/"not_found"|"gone"/);
  }
  const { cookie } = who.guest;
  for (const path of ["/api/rooms", "/api/directory?query=plans"]) {
    const { text } = await askHttp(server, path, { cookie });
    expect(text).not.toContain(room);
    expect(text).not.toContain("Secret plans");
  }
}

test("[A-1] [A-3] who is taken out hears that, by whom, and nothing later on any device, signals neither", async () => {
  await begin();
  await ann.say("before", room);
  await Promise.all([bob.hears("before"), phone.hears("before")]);
  const devices = [bob, phone];
  const before = devices.map(({ socket }) => socket.received.length);
  const removed = await ann.ask({
    ...{ type: "room.remove", stream: room, cid: cid() },
    person: bob.id,
  });
  expect(removed).toMatchObject({ type: "ok" });
  await ann.socket.next(({ type }) => type === "member.left");
  await stir();
  for (const [index, device] of devices.entries()) {
    const last = await heard(device, before[index]);
    expect(last.map(({ type }) => type).toSorted()).toEqual([
      ...["member.left", "room.left"],
    ]);
    for (const event of last) expect(event).toMatchObject({ by: ann.id });
  }
});

test("[A-4] [T7] [A-1] to who was taken out it is from then on as a room that is not there: socket, HTTP, hello", async () => {
  await begin();
  await ann.say("before", room);
  await ann.ask({
    ...{ type: "room.remove", stream: room, cid: cid() },
    person: bob.id,
  });
  await expectNothingThere(bob);
  const cursors = { [room]: 3, r_0000000000: 3 };
  const { guest } = bob;
  const back = await enter(server, "", { guest, cursors });
  const gone = back.socket.received.filter(({ type }) => type === "gone");
  expect(new Set(gone.map(({ stream }) => stream))).toEqual(
    new Set(Object.keys(cursors)),
  );
  expect(JSON.stringify(back.socket.received)).not.toContain("before");
  await back.leave();
});

test("[A-4] [T7] [T8] to who was never in it a private room is as one that is not there, whatever happens in it", async () => {
  await begin();
  await expectNothingThere(eve);
  const before = eve.socket.received.length;
  await stir();
  expect(await heard(eve, before)).toEqual([]);
});

test("[A-1] a public room that becomes private is at once as one that is not there to who is not in it, and goes on for who is", async () => {
  await begin();
  const widened = await ann.ask({
    ...{ type: "room.change", stream: room, cid: cid(), kind: "public" },
  });
  expect(widened).toMatchObject({ type: "ok" });
  const { cookie } = eve.guest;
  const path = "/api/directory?query=plans";
  expect((await askHttp(server, path, { cookie })).text).toContain(room);
  await ann.ask({
    ...{ type: "room.change", stream: room, cid: cid(), kind: "private" },
  });
  await expectNothingThere(eve);
  await ann.say("among us", room);
  await bob.hears("among us");
});

test("[A-1] an archived room says so to who writes; what was said stays, to be read by who is in it", async () => {
  await begin();
  await ann.say("before", room);
  await ann.ask({
    ...{ type: "room.change", stream: room, cid: cid(), archived: true },
  });
  expect(await bob.say("late", room)).toMatchObject({ code: "archived" });
  expect(
    await phone.ask({ type: "follow", stream: room, cursor: null }),
  ).toMatchObject({ type: "reset", stream: room });
  await expectNothingThere(eve);
});

test("[A-3] a direct conversation is told to its people and nobody else", async () => {
  await begin();
  const before = eve.socket.received.length;
  const opened = await ann.ask({
    ...{ type: "direct.open", cid: cid(), people: [bob.id] },
  });
  room = String(opened["stream"]);
  const told = await bob.socket.next(
    (object) =>
      object.type === "room.joined" && JSON.stringify(object).includes(room),
  );
  expect(told).toMatchObject({
    room: { kind: "direct", name: "", people: [{ id: ann.id }], hidden: 3 },
  });
  await ann.ask({ type: "follow", stream: room, cursor: 3 });
  await bob.ask({ type: "follow", stream: room, cursor: 3 });
  await ann.say("between us", room);
  await bob.hears("between us");
  expect(await heard(eve, before)).toEqual([]);
  await expectNothingThere(eve);
});
