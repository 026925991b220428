import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import type { FrameObject } from "@parley/protocol";
import { askHttp } from "../testing/ask-http.ts";
import { until } from "../testing/bus-nodes.ts";
import { cid, enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { decide } from "../testing/owned-place.ts";
import {
  startTestServer,
  type OpenTestServer,
} from "../testing/start-test-server.ts";
import { accountAs } from "../testing/test-account.ts";

// Who is here, over real sockets; a second lasts a tenth of one.

const secondMs = 100;

let server: OpenTestServer;
beforeAll(async () => {
  server = await startTestServer(generous, { secondMs });
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

function signals({ socket }: Present, stream: string): FrameObject[] {
  return socket.received.filter(
    (object) => object["type"] === "presence" && object["stream"] === stream,
  );
}

/** What a client makes of all it was told of a room. */
function shown(watcher: Present, stream: string): Record<string, unknown> {
  let people: Record<string, unknown> = {};
  for (const signal of signals(watcher, stream)) {
    const news = (signal["people"] ?? {}) as Record<string, unknown>;
    const isWhole = signal["whole"] === true || !signal["people"];
    people = { ...(isWhole ? {} : people), ...news };
  }
  return people;
}

/** A room of Ann's with these people in it, which all of them follow. */
async function roomOf(ann: Present, ...others: Present[]): Promise<string> {
  const stream = await ann.makeRoom(`Room ${cid()}`);
  await ann.ask({ type: "follow", stream, cursor: null });
  for (const other of others) {
    await other.ask({ type: "room.join", cid: cid(), stream });
    await other.ask({ type: "follow", stream, cursor: null });
  }
  return stream;
}

function watch({ socket }: Present, ...streams: unknown[]): void {
  socket.send({ type: "presence", watch: streams });
}

/** Somebody watches, and knows that it has begun. */
async function watching(watcher: Present, stream: string): Promise<void> {
  watch(watcher, stream);
  await until(() => signals(watcher, stream).length > 0);
}

/** Seconds of the server pass, and what happened in them has come here. */
async function seconds(count: number, someone: Present): Promise<void> {
  await Bun.sleep(count * secondMs);
  await someone.ask({ type: "unfollow", stream: "r_nothing000" });
}

async function leaveAll(...people: Present[]): Promise<void> {
  for (const person of people) await person.leave();
}

test("who is here of a room: all at first, then online, away and, ten seconds after the last connection, offline", async () => {
  const ann = await enter(server, "Ann");
  const bob = await enter(server, "Bob");
  const stream = await roomOf(ann, bob);
  await watching(ann, stream);
  await until(() => shown(ann, stream)[bob.id] === "online");
  expect(shown(ann, stream)).toEqual({
    ...{ [ann.id]: "online", [bob.id]: "online" },
  });
  const phone = await enter(server, "Bob", { guest: bob.guest });
  bob.socket.send({ type: "presence", state: "away" });
  await seconds(3, ann);
  expect(shown(ann, stream)[bob.id]).toBe("online");
  await phone.leave();
  await until(() => shown(ann, stream)[bob.id] === "away");
  const before = signals(ann, stream).length;
  await bob.leave();
  const leftAt = performance.now();
  await until(() => shown(ann, stream)[bob.id] === "offline");
  expect(performance.now() - leftAt).toBeGreaterThan(9 * secondMs);
  expect(signals(ann, stream).length).toBe(before + 1);
  await ann.leave();
});

test("nobody is told who has not asked, nor of a room they have stopped watching", async () => {
  const ann = await enter(server, "Ann");
  const bob = await enter(server, "Bob");
  const stream = await roomOf(ann, bob);
  await watching(ann, stream);
  watch(ann);
  await ann.ask({ type: "unfollow", stream: "r_nothing000" });
  const before = signals(ann, stream).length;
  bob.socket.send({ type: "presence", state: "away" });
  await seconds(3, bob);
  await seconds(1, ann);
  expect(signals(ann, stream)).toHaveLength(before);
  expect(bob.socket.received.some(({ type }) => type === "presence")).toBe(
    false,
  );
  await leaveAll(ann, bob);
});

test("[A-3] a room that one is not in, does not follow, or that is none, is told of to nobody who asks", async () => {
  const ann = await enter(server, "Ann");
  const eve = await enter(server, "Eve");
  const stream = await roomOf(ann);
  const other = await roomOf(eve);
  await eve.ask({ type: "unfollow", stream: other });
  watch(
    eve,
    ...[stream, other, "inbox", `inbox:${ann.id}`, "place", "r_Zz19Qe4tYu", 7],
  );
  watch(eve, null, {}, [stream], "");
  eve.socket.send({ type: "presence", watch: stream });
  eve.socket.send({ type: "presence", watch: { 0: stream } });
  eve.socket.send({ type: "presence", state: "hidden" });
  await watching(ann, stream);
  await seconds(3, eve);
  expect(eve.socket.received.some(({ type }) => type === "presence")).toBe(
    false,
  );
  await leaveAll(ann, eve);
});

test("[A-1] [A-3] who is taken out of a room is told nothing of it after that, and nobody is told of them", async () => {
  const ann = await enter(server, "Ann");
  const eve = await enter(server, "Eve");
  const stream = await roomOf(ann, eve);
  await Promise.all([watching(ann, stream), watching(eve, stream)]);
  await until(() => shown(ann, stream)[eve.id] === "online");
  const removed = await ann.ask({
    ...{ type: "room.remove", cid: cid(), stream, person: eve.id },
  });
  expect(removed).toMatchObject({ type: "ok" });
  await eve.socket.next(({ type }) => type === "room.left");
  const [toAnn, toEve] = [ann, eve].map((one) => signals(one, stream).length);
  // She asks again, and both do what would be told.
  watch(eve, stream);
  eve.socket.send({ type: "presence", state: "away" });
  ann.socket.send({ type: "presence", state: "away" });
  await until(() => shown(ann, stream)[ann.id] === "away");
  await seconds(2, eve);
  expect(signals(eve, stream)).toHaveLength(toEve ?? 0);
  expect(signals(ann, stream).slice(toAnn)).toEqual([
    { type: "presence", stream, people: { [ann.id]: "away" } },
  ]);
  const asked = await askHttp(
    ...([server, `/api/streams/${stream}/presence`, eve.guest] as const),
  );
  expect(asked.status).toBe(404);
  await leaveAll(ann, eve);
});

test("[A-3] who does not want it told is offline from their word on, is not counted, and does not type", async () => {
  const ann = await enter(server, "Ann");
  const bob = await enter(server, "Bob");
  const stream = await roomOf(ann, bob);
  await watching(ann, stream);
  await until(() => shown(ann, stream)[bob.id] === "online");
  await bob.ask({
    ...{ type: "preferences.set", showsPresence: false, showsTyping: false },
  });
  await until(() => shown(ann, stream)[bob.id] === "offline");
  bob.socket.send({ type: "typing", stream });
  // Somebody who types later is told later.
  await Bun.sleep(600);
  ann.socket.send({ type: "typing", stream });
  const typing = await ann.socket.next(({ type }) => type === "typing");
  expect(typing["by"]).toEqual([ann.id]);
  const presence = `/api/streams/${stream}/presence`;
  expect((await askHttp(server, presence, ann.guest)).json).toEqual({
    ...{ present: 1, people: { [ann.id]: "online" } },
  });
  // Also after coming back: it is what the store says.
  await bob.leave();
  const again = await enter(server, "Bob", { guest: bob.guest });
  await seconds(3, ann);
  expect(shown(ann, stream)[bob.id]).toBe("offline");
  await again.ask({ type: "preferences.set", showsPresence: true });
  await until(() => shown(ann, stream)[bob.id] === "online");
  await leaveAll(ann, again);
});

test("[A-3] a place that does not tell who is here tells it to nobody", async () => {
  const ann = await enter(server, "Ann");
  const stream = await roomOf(ann);
  await watching(ann, stream);
  await decide(server, { showsPresence: false });
  await until(() => signals(ann, stream).at(-1)?.["people"] === undefined);
  const presence = `/api/streams/${stream}/presence`;
  expect((await askHttp(server, presence, ann.guest)).json).toEqual({
    ...{ present: null, people: {} },
  });
  await decide(server, { showsPresence: true });
  await until(() => shown(ann, stream)[ann.id] === "online");
  await ann.leave();
});

test("[A-2] who is suspended is offline at once", async () => {
  const ann = await enter(server, "Ann");
  // Somebody with an account, who stays in their rooms.
  const guest = await accountAs(server, "Bob with an account");
  const bob = await enter(server, "", { guest });
  const stream = await roomOf(ann, bob);
  await watching(ann, stream);
  await until(() => shown(ann, stream)[bob.id] === "online");
  const by = "u_0founder0";
  await server.store.write("suspendPerson", {
    ...{ by, person: bob.id, suspended: true },
  });
  const since = performance.now();
  await until(() => shown(ann, stream)[bob.id] === "offline");
  expect(performance.now() - since).toBeLessThan(6 * secondMs);
  await ann.leave();
});

test("[L-1] whoever asks all the time is answered twenty times in ten seconds", async () => {
  const ann = await enter(server, "Ann");
  const stream = await roomOf(ann);
  for (let n = 0; n < 45; n += 1) watch(ann, ...(n % 2 === 0 ? [stream] : []));
  await seconds(2, ann);
  expect(signals(ann, stream).length).toBeLessThanOrEqual(11);
  await ann.leave();
});

test("a room that is no longer followed is no longer told of", async () => {
  const ann = await enter(server, "Ann");
  const bob = await enter(server, "Bob");
  const stream = await roomOf(ann, bob);
  await watching(ann, stream);
  await until(() => shown(ann, stream)[bob.id] === "online");
  await ann.ask({ type: "unfollow", stream });
  const before = signals(ann, stream).length;
  bob.socket.send({ type: "presence", state: "away" });
  await seconds(3, ann);
  expect(signals(ann, stream)).toHaveLength(before);
  await leaveAll(ann, bob);
});

test("[L-4] nothing is held of it when nobody is there", async () => {
  const people = await Promise.all(
    Array.from({ length: 10 }, (_, n) => enter(server, `Guest ${n}`)),
  );
  for (const person of people) watch(person, person.lobby);
  await until(() => server.held().presence > 0);
  await leaveAll(...people);
  await until(() => server.held().presence === 0);
});
