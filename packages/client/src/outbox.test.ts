import { errors } from "@parley/protocol";
import { expect, test } from "bun:test";
import {
  ann,
  bob,
  createScene,
  design,
  lobby,
  type Visit,
} from "./testing/scene.ts";

function failures(visit: Visit) {
  return visit
    .room()
    .timeline.pending.map(({ text, status }) => [
      text,
      status.kind === "failed" ? status.code : status.kind,
    ]);
}

test("[O-2] one message per room is in flight, the others wait behind it", () => {
  const { server, wire, enter } = createScene();
  server.addRoom(design, "Design", [ann, bob]);
  const { chat, device, pending, written } = enter(ann);
  device.isReading = false;
  for (const text of ["a", "b", "c"]) chat.post(lobby, text);
  chat.post(design, "elsewhere");
  wire.flush();
  expect(pending()).toEqual(["a", "b", "c"]);
  expect(written("message.post").map(({ text }) => text)).toEqual([
    "a",
    "elsewhere",
  ]);
  device.isReading = true;
  wire.flush();
  expect(pending()).toEqual([]);
  expect(server.messages(lobby).map(({ text }) => text)).toEqual([
    "a",
    "b",
    "c",
  ]);
});

test("[P5] [O-2] a message whose ack was lost is sent again with its cid, is stored once, and stays in front", () => {
  const { server, wire, enter } = createScene();
  const { chat, device, texts, pending, written } = enter(ann);
  chat.open(lobby);
  wire.flush();
  device.isReading = false;
  const cid = chat.post(lobby, "first");
  chat.post(lobby, "second");
  wire.flush();
  // The server has it, its event and its answer are on the way, and are lost.
  expect(server.messages(lobby)).toHaveLength(1);
  device.cut(1001);
  device.isReading = true;
  expect(pending()).toEqual(["first", "second"]);
  wire.advance(1_000);
  expect(texts()).toEqual(["first", "second"]);
  expect(pending()).toEqual([]);
  expect(server.messages(lobby).map(({ text }) => text)).toEqual([
    "first",
    "second",
  ]);
  // The replay brought the event, so asking again was not even needed.
  expect(
    written("message.post").filter((one) => one["cid"] === cid),
  ).toHaveLength(1);
});

test("[D-3] a message that the replay does not show is sent again, and the answer is the first one", () => {
  const { server, wire, enter } = createScene();
  const visit = enter(ann);
  const { chat, device, pending, written } = visit;
  server.misses = (_event, person) => person === ann;
  const answered: unknown[] = [];
  server.refuse = ({ command }) => {
    answered.push(command["cid"]);
    return null;
  };
  device.isReading = false;
  const cid = chat.post(lobby, "once");
  wire.flush();
  // More than a resume replays: the reset's page does not show the message.
  for (let n = 0; n < 400; n += 1) server.post(bob, lobby, `m${n}`);
  device.cut(1001);
  device.isReading = true;
  server.misses = () => false;
  wire.advance(1_000);
  expect(written("message.post").map((one) => one["cid"])).toEqual([cid, cid]);
  expect(server.messages(lobby).filter(({ by }) => by === ann)).toHaveLength(1);
  expect(pending()).toEqual([]);
});

test("a message written while offline waits, and goes when there is a connection", () => {
  const { server, wire, enter } = createScene();
  const { chat, device, pending } = enter(ann);
  device.isOnline = false;
  device.cut();
  chat.post(lobby, "later");
  wire.advance(60_000);
  expect(pending()).toEqual(["later"]);
  device.isOnline = true;
  device.wake();
  wire.flush();
  expect(pending()).toEqual([]);
  expect(server.messages(lobby)).toHaveLength(1);
});

test("[D-4] a final refusal fails the row, later ones go on; retry takes a new cid, discard forgets it", () => {
  const { server, wire, enter } = createScene();
  const visit = enter(ann);
  const { chat, written } = visit;
  server.refuse = ({ command }) =>
    command["text"] === "bad" ? { code: "too_long" } : null;
  const cid = chat.post(lobby, "bad");
  const other = chat.post(lobby, "bad");
  chat.post(lobby, "good");
  wire.flush();
  expect(failures(visit)).toEqual([
    ["bad", "too_long"],
    ["bad", "too_long"],
  ]);
  expect(server.messages(lobby).map(({ text }) => text)).toEqual(["good"]);
  chat.discard(lobby, other);
  expect(failures(visit)).toHaveLength(1);
  server.refuse = () => null;
  chat.retry(lobby, cid);
  wire.flush();
  expect(failures(visit)).toEqual([]);
  expect(server.messages(lobby).map(({ text }) => text)).toEqual([
    "good",
    "bad",
  ]);
  expect(written("message.post").at(-1)?.["cid"]).not.toBe(cid);
});

test("a row that may still go out cannot be discarded or doubled by retry", () => {
  const { wire, enter } = createScene();
  const { chat, device, pending } = enter(ann);
  device.isReading = false;
  const cid = chat.post(lobby, "on its way");
  wire.flush();
  chat.discard(lobby, cid);
  chat.retry(lobby, cid);
  expect(pending()).toEqual(["on its way"]);
});

test("[O-2] a refusal that is not final is tried again after its time, with what follows behind it", () => {
  const { server, wire, enter } = createScene();
  const visit = enter(ann);
  const { chat, pending } = visit;
  let refusals = 2;
  server.refuse = ({ command }) => {
    if (command["type"] !== "message.post" || refusals === 0) return null;
    refusals -= 1;
    return { code: "rate_limited", retryAfterMs: 1_500 };
  };
  chat.post(lobby, "a");
  chat.post(lobby, "b");
  wire.advance(1_499);
  expect(refusals).toBe(1);
  wire.advance(1);
  expect(refusals).toBe(0);
  expect(pending()).toEqual(["a", "b"]);
  wire.advance(1_500);
  expect(pending()).toEqual([]);
  expect(server.messages(lobby).map(({ text }) => text)).toEqual(["a", "b"]);
});

test("[V-5] an answer that does not come within 10 s is asked for again, with the same cid", () => {
  const { server, wire, enter } = createScene();
  const { chat, device, pending, written } = enter(ann);
  device.isReading = false;
  chat.post(lobby, "slow");
  wire.advance(10_000);
  expect(written("message.post")).toHaveLength(1);
  wire.advance(2_000);
  expect(written("message.post")).toHaveLength(2);
  device.isReading = true;
  wire.flush();
  expect(pending()).toEqual([]);
  expect(server.messages(lobby)).toHaveLength(1);
});

test("a message that ends its connection twice in a row is failed, and no other is blamed", () => {
  const { server, wire, enter } = createScene();
  server.addRoom(design, "Design", [ann, bob]);
  const visit = enter(ann);
  const { chat, device, room } = visit;
  server.refuse = ({ command }) => {
    if (command["text"] === "poison") device.cut(1006);
    return null;
  };
  // As on a server that dies of it: nothing is stored, nothing is answered.
  const { accept } = server;
  server.accept = (end, person) => {
    const ears = accept(end, person);
    return {
      ...ears,
      received(text) {
        if (text.includes("poison")) device.cut(1006);
        else ears.received(text);
      },
    };
  };
  device.cut();
  wire.advance(1_000);
  const cid = chat.post(lobby, "poison");
  chat.post(lobby, "behind it");
  chat.post(design, "elsewhere");
  wire.advance(20_000);
  expect(failures(visit)).toEqual([["poison", "no_connection"]]);
  expect(room(design).timeline.pending).toEqual([]);
  expect(server.messages(lobby).map(({ text }) => text)).toEqual(["behind it"]);
  expect(server.messages(design)).toHaveLength(1);
  // Nobody knows whether it arrived, so trying again must not make a second.
  server.accept = accept;
  device.cut();
  wire.advance(1_000);
  chat.retry(lobby, cid);
  wire.flush();
  expect(server.messages(lobby).at(-1)).toMatchObject({ text: "poison", cid });
});

test("closes that are announced or ours blame nobody", () => {
  const { server, wire, enter } = createScene();
  const visit = enter(ann);
  const { chat, device, written } = visit;
  for (let round = 0; round < 3; round += 1) {
    device.isReading = false;
    if (round === 0) chat.post(lobby, "innocent");
    server.misses = () => true;
    server.refuse = ({ command }) =>
      command["type"] === "message.post" ? { code: "unavailable" } : null;
    wire.flush();
    device.cut(4200);
    device.isReading = true;
    wire.advance(500);
  }
  expect(written("message.post").length).toBeGreaterThanOrEqual(2);
  expect(failures(visit)).toEqual([["innocent", "waiting"]]);
});

test("[V-1] an answer before its event keeps the row until the event is there", () => {
  const { server, wire, enter } = createScene();
  const { chat, texts, pending } = enter(ann);
  chat.open(lobby);
  wire.flush();
  const events: object[] = [];
  server.misses = (event) => events.push(event) > 0;
  chat.post(lobby, "quick");
  wire.flush();
  expect(pending()).toEqual(["quick"]);
  server.misses = () => false;
  server.say(events as never);
  wire.flush();
  expect(pending()).toEqual([]);
  expect(texts()).toEqual(["quick"]);
});

test("[D-4] what a room or its people refuse for good is said in the row, and what stands behind it goes on", () => {
  for (const code of [
    "archived",
    "read_only",
    "blocked",
    "unauthenticated",
  ] as const) {
    const { server, wire, enter } = createScene();
    const { chat, room } = enter(ann);
    server.refuse = ({ command }) =>
      command["text"] === "refused" ? { code } : null;
    chat.post(lobby, "refused");
    chat.post(lobby, "goes on");
    wire.advance(1_000);
    const { message } = errors[code];
    expect(room().timeline.pending).toMatchObject([
      { text: "refused", status: { kind: "failed", code, message } },
    ]);
    expect(server.messages(lobby).map(({ text }) => text)).toEqual(["goes on"]);
    // It is the person's to discard; nothing of it reaches the server.
    const [row] = room().timeline.pending;
    chat.discard(lobby, row?.cid ?? "");
    expect(room().timeline.pending).toEqual([]);
  }
});
