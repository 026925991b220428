import { expect, test } from "bun:test";
import { limits } from "@parley/protocol";
import {
  ann,
  bob,
  createScene,
  design,
  eve,
  lobby,
  type Visit,
} from "./testing/scene.ts";

function here(people: Record<string, string>, stream = lobby) {
  return { type: "presence", stream, people, whole: true };
}

function news(people: Record<string, string>, stream = lobby) {
  return { type: "presence", stream, people };
}

function shown({ chat }: Visit) {
  return Object.fromEntries(chat.state.presence);
}

function watched(visit: Visit) {
  return visit
    .written("presence")
    .map(({ watch }) => watch)
    .filter((watch) => watch !== undefined);
}

test("who is here of a room that is watched is shown, and what changes of it", () => {
  const { server, wire, enter } = createScene();
  const visit = enter(ann);
  visit.chat.watchPresence(lobby);
  wire.flush();
  expect(watched(visit)).toEqual([[lobby]]);
  expect(visit.room().presentCount).toBeNull();
  server.say(here({ [ann]: "online", [bob]: "away" }));
  wire.flush();
  expect(shown(visit)).toEqual({ [ann]: "online", [bob]: "away" });
  expect(visit.room().presentCount).toBe(2);
  server.say(news({ [bob]: "online", [eve]: "away", [ann]: "offline" }));
  wire.flush();
  expect(shown(visit)).toEqual({ [bob]: "online", [eve]: "away" });
  server.say(here({ [eve]: "online" }));
  wire.flush();
  expect(shown(visit)).toEqual({ [eve]: "online" });
  expect(visit.room().presentCount).toBe(1);
});

test("of a large room it is how many, and nothing where the place does not tell", () => {
  const { server, wire, enter } = createScene();
  const visit = enter(ann);
  visit.chat.watchPresence(lobby);
  server.say(here({ [bob]: "online" }));
  server.say({ type: "presence", stream: lobby, present: 1_234 });
  wire.flush();
  expect(shown(visit)).toEqual({});
  expect(visit.room().presentCount).toBe(1_234);
  server.say({ type: "presence", stream: lobby });
  wire.flush();
  expect(visit.room().presentCount).toBeNull();
});

test("a room that nobody here watches is not told of, and not shown", () => {
  const { server, wire, enter } = createScene();
  const visit = enter(ann);
  const stops = [lobby, lobby].map((one) => visit.chat.watchPresence(one));
  server.say(here({ [bob]: "online" }));
  wire.flush();
  stops[0]?.();
  stops[0]?.();
  wire.advance(1_000);
  expect(shown(visit)).toEqual({ [bob]: "online" });
  stops[1]?.();
  server.say(news({ [eve]: "online" }));
  wire.advance(1_000);
  expect(watched(visit)).toEqual([[lobby], []]);
  expect(shown(visit)).toEqual({});
  expect(visit.room().presentCount).toBeNull();
});

test("what is said to the server is gathered for a second, the first word not", () => {
  const { server, wire, enter } = createScene();
  server.addRoom(design, "Design", [ann, bob]);
  const visit = enter(ann);
  const stop = visit.chat.watchPresence(lobby);
  wire.flush();
  for (let n = 0; n < 10; n += 1) {
    visit.chat.watchPresence(design)();
    visit.chat.setAway(n % 2 === 0);
    wire.flush();
  }
  stop();
  visit.chat.watchPresence(design);
  wire.advance(999);
  expect(watched(visit)).toEqual([[lobby]]);
  wire.advance(1);
  expect(watched(visit)).toEqual([[lobby], [design]]);
  expect(visit.written("presence")).toContainEqual({
    ...{ type: "presence", state: "online" },
  });
  wire.advance(60_000);
  expect(visit.written("presence")).toHaveLength(3);
});

test("a new connection is told anew what is watched, and that one is away", () => {
  const { wire, enter } = createScene();
  const visit = enter(ann);
  visit.chat.watchPresence(lobby);
  visit.chat.setAway(true);
  wire.advance(2_000);
  const before = visit.written("presence").length;
  visit.device.cut();
  wire.advance(30_000);
  expect(visit.written("presence").slice(before)).toEqual([
    { type: "presence", state: "away" },
    { type: "presence", watch: [lobby] },
  ]);
});

test("a room that is followed anew is named again: the server has forgotten it", () => {
  const { server, wire, enter } = createScene();
  server.addRoom(design, "Design", [ann, bob]);
  const visit = enter(ann);
  visit.chat.watchPresence(design);
  wire.advance(2_000);
  expect(watched(visit)).toHaveLength(1);
  server.leave(ann, design);
  wire.advance(2_000);
  server.join(ann, design);
  wire.advance(2_000);
  expect(watched(visit)).toEqual([[design], [design]]);
});

test("without a connection what was told holds for 15 s, and then nobody is shown", () => {
  const { server, wire, enter } = createScene();
  const visit = enter(ann);
  visit.chat.watchPresence(lobby);
  server.say(here({ [bob]: "online" }));
  wire.flush();
  visit.device.isOnline = false;
  visit.device.cut();
  wire.advance(14_000);
  expect(shown(visit)).toEqual({ [bob]: "online" });
  wire.advance(2_000);
  expect(shown(visit)).toEqual({});
  expect(visit.room().presentCount).toBeNull();
});

test("[A-3] who leaves the room is no longer shown by it", () => {
  const { server, wire, enter } = createScene();
  server.addRoom(design, "Design", [ann, bob, eve]);
  const visit = enter(ann);
  visit.chat.watchPresence(design);
  server.say(here({ [bob]: "online", [eve]: "online" }, design));
  wire.flush();
  server.leave(bob, design);
  wire.flush();
  expect(shown(visit)).toEqual({ [eve]: "online" });
  expect(visit.room(design).presentCount).toBe(1);
});

test("of too many rooms those that were opened last are named", () => {
  const { server, wire, enter } = createScene();
  const count = limits.watchedRooms + 1;
  const rooms = Array.from(
    { length: count },
    (_, n) => `r_Room${String(n).padStart(6, "0")}`,
  );
  for (const room of rooms) server.addRoom(room, room, [ann]);
  const visit = enter(ann);
  for (const room of rooms) visit.chat.watchPresence(room);
  wire.advance(2_000);
  expect(watched(visit).at(-1)).toEqual(rooms.slice(1));
});

test("what is no presence, or of a room that is not ours, changes nothing", () => {
  const { server, wire, enter } = createScene();
  const visit = enter(ann);
  visit.chat.watchPresence(lobby);
  visit.chat.watchPresence("r_Elsewhere0");
  server.say(here({ [bob]: "dancing", [eve]: "online" }));
  server.say({ type: "presence", stream: 7, people: { [bob]: "online" } });
  server.say({ type: "presence", people: { [bob]: "online" } });
  server.say({ type: "presence" });
  wire.flush();
  expect(shown(visit)).toEqual({ [eve]: "online" });
});
