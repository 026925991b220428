import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { limits, type FrameObject } from "@parley/protocol";
import { cid, enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs } from "../testing/test-guest.ts";
import { TestSocket } from "../testing/test-socket.ts";

// What is said and forgotten: typing, ping.

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer(generous);
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

function typingSeen({ socket }: Present): FrameObject[] {
  return socket.received.filter(({ type }) => type === "typing");
}

test("[I7] typing is told to who follows the room, by id, without a number", async () => {
  const ann = await enter(server, "Ann");
  const bob = await enter(server, "Bob");
  ann.socket.send({ type: "typing", stream: ann.lobby });
  const typing = await bob.socket.next(({ type }) => type === "typing");
  expect(typing).toEqual({
    type: "typing",
    stream: ann.lobby,
    by: [ann.id],
    // It was gathered for half a second.
    ttlMs: limits.typingMs - 500,
  });
  await ann.leave();
  await bob.leave();
});

test("[A-3] typing in a room that one is not in, or in none, is told to nobody", async () => {
  const ann = await enter(server, "Ann");
  const room = await ann.makeRoom(`Room ${cid()}`);
  await ann.ask({ type: "follow", stream: room, cursor: 2 });
  const eve = await enter(server, "Eve");
  eve.socket.send([
    { type: "typing", stream: room },
    { type: "typing", stream: "inbox" },
    { type: "typing", stream: "r_Zz19Qe4tYu" },
    { type: "typing", stream: 7 },
    { type: "typing" },
    { type: "typing", stream: null, by: [ann.id] },
  ]);
  await eve.ask({ type: "unfollow", stream: "inbox" });
  // What Ann types herself is gathered after all of that, and told alone.
  ann.socket.send({ type: "typing", stream: room });
  await ann.socket.next(({ type }) => type === "typing");
  expect(typingSeen(ann)).toMatchObject([{ stream: room, by: [ann.id] }]);
  expect(typingSeen(eve)).toEqual([]);
  await ann.leave();
  await eve.leave();
});

test("[A-5] nobody types in another's name", async () => {
  const ann = await enter(server, "Ann");
  const eve = await enter(server, "Eve");
  eve.socket.send({ type: "typing", stream: eve.lobby, by: [ann.id] });
  const typing = await ann.socket.next(({ type }) => type === "typing");
  expect(typing["by"]).toEqual([eve.id]);
  await ann.leave();
  await eve.leave();
});

test("who could not say it is not told as typing it: blocked, archived, for announcements", async () => {
  const ann = await enter(server, "Ann");
  const eve = await enter(server, "Eve");
  const bob = await enter(server, "Bob");
  const meet = async (somebody: Present): Promise<string> => {
    const people = [somebody.id];
    const answer = await ann.ask({ type: "direct.open", cid: cid(), people });
    return String(answer["stream"]);
  };
  const [withEve, withBob] = [await meet(eve), await meet(bob)];
  const archived = await ann.makeRoom(`Room ${cid()}`);
  const announced = await ann.makeRoom(`Room ${cid()}`);
  for (const stream of [archived, announced]) {
    await eve.ask({ type: "room.join", cid: cid(), stream });
    const change =
      stream === archived ? { archived: true } : { readOnly: true };
    await ann.ask({ type: "room.change", cid: cid(), stream, ...change });
  }
  for (const stream of [withEve, withBob, archived, announced]) {
    await ann.ask({ type: "follow", stream, cursor: null });
  }
  await ann.ask({ type: "person.block", person: eve.id, blocked: true });
  eve.socket.send(
    [withEve, archived, announced].map((stream) => ({
      ...{ type: "typing", stream },
    })),
  );
  // Who may, is told; and what came before would have been by then.
  bob.socket.send({ type: "typing", stream: withBob });
  eve.socket.send({ type: "typing", stream: eve.lobby });
  const isOf =
    (stream: string) =>
    (frame: FrameObject): boolean =>
      frame["type"] === "typing" && frame["stream"] === stream;
  await ann.socket.next(isOf(withBob));
  await ann.socket.next(isOf(ann.lobby));
  const streams = typingSeen(ann).map(({ stream }) => stream);
  expect(streams.toSorted()).toEqual([withBob, ann.lobby].toSorted());
  for (const one of [ann, eve, bob]) await one.leave();
});

test("ping is answered by pong, also before hello; other signals wait for nothing", async () => {
  const { cookie } = await joinAs(server, "Ann");
  const socket = await TestSocket.open(server, {
    cookie,
    protocols: ["parley.v1"],
  });
  socket.send([{ type: "typing", stream: "r_lobby00000" }, { type: "ping" }]);
  await socket.next(({ type }) => type === "pong");
  const hello = { type: "hello", id: 1, cursors: {} };
  expect(await socket.ask(hello)).toMatchObject({ type: "welcome" });
  socket.close();
});
