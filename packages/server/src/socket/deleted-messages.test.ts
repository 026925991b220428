import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { askHttp } from "../testing/ask-http.ts";
import { cid, enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { readRows } from "../testing/read-rows.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";

// The text of a deleted message is in no answer any more, by whichever way it
// could be asked for.

let server: TestServer;
let ann: Present;
let bob: Present;
let room: string;

beforeAll(async () => {
  server = await startTestServer(generous);
});
afterEach(async () => {
  for (const present of [ann, bob]) await present.leave();
  await expectServing(server);
});
afterAll(() => server[Symbol.asyncDispose]());

async function begin(): Promise<void> {
  ann = await enter(server, "Ann");
  room = await ann.makeRoom(`Room ${cid()}`);
  await ann.ask({ type: "follow", stream: room, cursor: 2 });
  bob = await enter(server, "Bob");
  await bob.ask({ type: "room.join", stream: room, cid: cid() });
  await bob.ask({ type: "follow", stream: room, cursor: 3 });
}

/** Says it, has everybody hear it, and deletes it; its number. */
async function sayAndDelete(text: string, own = cid()): Promise<number> {
  const said = await ann.ask({
    ...{ type: "message.post", stream: room, cid: own, text },
  });
  await bob.hears(text);
  const message = Number(said["seq"]);
  const deleted = await ann.ask({
    ...{ type: "message.delete", stream: room, cid: cid(), message },
  });
  expect(deleted).toMatchObject({ type: "ok", seq: message + 1 });
  return message;
}

/** Everything that a device gets that comes back so far behind, or starts anew. */
async function comesBack(cursor: number | null): Promise<string> {
  const { guest } = bob;
  const device = await enter(server, "", {
    guest,
    cursors: { [room]: cursor },
  });
  const received = JSON.stringify(device.socket.received);
  await device.leave();
  return received;
}

test("[E-2] is told to who follows the room, and is in no replay, no page, no history and no table afterwards", async () => {
  await begin();
  const secret = `secret ${cid()}`;
  // Somebody has made the page that others get, with the text in it.
  await ann.say("before", room);
  const message = await sayAndDelete(secret);
  const told = await bob.socket.next(({ type }) => type === "message.deleted");
  expect(told).toMatchObject({ stream: room, message, by: ann.id });

  const { cookie } = bob.guest;
  const page = await askHttp(server, `/api/streams/${room}/messages`, {
    cookie,
  });
  expect(page.json).toMatchObject({
    messages: [{ text: "before" }, { seq: message, text: "", deleted: true }],
  });
  const answers = [
    page.text,
    await comesBack(message - 1),
    await comesBack(null),
    await comesBack(0),
    JSON.stringify(
      await bob.ask({
        ...{ type: "history", stream: room },
        ...{ after: message - 1, upTo: message },
      }),
    ),
    JSON.stringify(await readRows(server, "messages")),
    JSON.stringify(await readRows(server, "events")),
  ];
  for (const answer of answers) expect(answer).not.toContain(secret);
  for (const replay of answers.slice(1, 4)) {
    expect(replay).toContain('"text":"","deleted":true');
  }
});

test("[E-2] is not in the page that was made for those who started anew before", async () => {
  await begin();
  const secret = `secret ${cid()}`;
  await ann.say(secret, room);
  const heard = await bob.hears(secret);
  expect(await comesBack(null)).toContain(secret);
  await ann.ask({
    ...{ type: "message.delete", stream: room, cid: cid() },
    message: heard["seq"],
  });
  expect(await comesBack(null)).not.toContain(secret);
});

test("[D-3] [D-4] sent again under its cid it is answered as sent, and nobody hears it again", async () => {
  await begin();
  const own = cid();
  const message = await sayAndDelete("once", own);
  const again = await ann.ask({
    ...{ type: "message.post", stream: room, cid: own, text: "once" },
  });
  expect(again).toMatchObject({ type: "ok", seq: message, repeated: true });
  await ann.say("last", room);
  await bob.hears("last");
  const heard = bob.socket.received.filter(({ text }) => text === "once");
  expect(heard).toHaveLength(1);
});

test("[U-1] it is unread to nobody any more", async () => {
  await begin();
  await ann.say("stays", room);
  await sayAndDelete("goes");
  const { cookie } = bob.guest;
  const { json } = await askHttp(server, "/api/rooms", { cookie });
  const { rooms } = json as { rooms: { stream: string; unread: number }[] };
  expect(rooms.find(({ stream }) => stream === room)?.unread).toBe(1);
  const anew = await comesBack(null);
  expect(anew).toContain('"unread":1');
});
