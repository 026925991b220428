import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  test,
} from "bun:test";
import type { FrameObject } from "@parley/protocol";
import { cid, enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { codeOf, shakeHands } from "../testing/shake-hands.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { TestSocket } from "../testing/test-socket.ts";

// The tutorial's protocol, for a client that offers no subprotocol.

let server: TestServer;
let ann: Present;

beforeAll(async () => {
  server = await startTestServer(generous);
  ann = await enter(server, "Ann");
});
afterEach(() => expectServing(server));
afterAll(() => server[Symbol.asyncDispose]());

function words(message: string, username = "Tim"): FrameObject {
  return { email: `${username}@example.org`, username, message };
}

async function said(socket: TestSocket, message: string): Promise<FrameObject> {
  return socket.next((object) => object["message"] === message);
}

/** Ann hears of a member of the lobby: that they came, or that they went. */
function hearsOf(type: string, person: unknown): Promise<FrameObject> {
  return ann.socket.next(
    (object) => object.type === type && object["by"] === person,
  );
}

describe("what is said", () => {
  test("[M1] is a guest's message in the lobby, which everybody hears, the speaker too", async () => {
    const text = cid();
    const tim = await TestSocket.open(server);
    const eve = await TestSocket.open(server);
    tim.send(words(text));
    const [own, others] = await Promise.all([said(tim, text), said(eve, text)]);
    expect(own).toEqual(others);
    const event = await ann.hears(text);
    expect(event).toMatchObject({ stream: ann.lobby, type: "message.posted" });
    expect(own).toEqual({
      email: `${String(event["by"])}@parley.invalid`,
      username: "Tim",
      message: text,
    });
    tim.close();
    eve.close();
  });

  test("and what is said on parley.v1 is heard here, in the same order", async () => {
    const tim = await TestSocket.open(server);
    const texts = Array.from({ length: 30 }, () => cid());
    for (const [index, text] of texts.entries()) {
      if (index % 2 === 0) tim.send(words(text));
      else void ann.say(text);
    }
    for (const text of texts)
      await Promise.all([said(tim, text), ann.hears(text)]);
    const isOne = (text: unknown): boolean => texts.includes(String(text));
    const here = tim.received.map(({ message }) => message).filter(isOne);
    const there = ann.socket.received
      .filter(({ seq, type }) => seq !== undefined && type !== "ok")
      .map(({ text }) => text)
      .filter(isOne);
    expect(here).toEqual(there);
    // Each speaker's own in the order in which they said it (O-2).
    const own = texts.filter((_, index) => index % 2 === 0);
    expect(here.filter((text) => own.includes(String(text)))).toEqual(own);
    tim.close();
  });

  test("[M1] twice is two messages: here a repeat cannot be told from a second one", async () => {
    const text = cid();
    const tim = await TestSocket.open(server);
    tim.send(words(text));
    tim.send(words(text));
    await tim.next(
      () => tim.received.filter(({ message }) => message === text).length === 2,
    );
    tim.close();
  });

  test("[M3] keys that mean something elsewhere have no effect", async () => {
    const text = cid();
    const tim = await TestSocket.open(server);
    const room = await ann.makeRoom(`Room ${cid()}`);
    tim.send({
      ...words(text),
      ...{ type: "message.edit", id: 7, seq: 1, by: ann.id, at: 1 },
      ...{ room, stream: room, cid: "x", kind: "bot" },
    });
    const event = await ann.hears(text);
    expect(event).toMatchObject({ type: "message.posted", stream: ann.lobby });
    expect(event["by"]).not.toBe(ann.id);
    tim.close();
  });

  test("is heard in full from a client that says three things and hangs up", async () => {
    const texts = [cid(), cid(), cid()];
    const tim = await TestSocket.open(server);
    for (const text of texts) tim.send(words(text));
    tim.close();
    for (const text of texts) await ann.hears(text);
    const { by } = await ann.hears(texts[2] ?? "");
    await hearsOf("member.left", by);
  });
});

describe("what is heard", () => {
  test("[M6] [A-3] three keys, an alias, and nobody's address, whoever speaks", async () => {
    const tim = await TestSocket.open(server);
    const texts = [cid(), cid()];
    tim.send(words(texts[0] ?? ""));
    await ann.say(texts[1] ?? "");
    for (const text of texts) await said(tim, text);
    for (const object of tim.received) {
      expect(Object.keys(object)).toEqual(["email", "username", "message"]);
      expect(object["email"]).toMatch(/^u_\w+@parley\.invalid$/);
    }
    expect(JSON.stringify(tim.received)).not.toContain("example.org");
    tim.close();
  });

  test("[M7] nothing but the lobby's messages: no other room, no typing, nobody coming or going", async () => {
    const tim = await TestSocket.open(server);
    const room = await ann.makeRoom(`Room ${cid()}`);
    await ann.say("not for the simple wire", room);
    ann.socket.send({ type: "typing", stream: ann.lobby });
    await ann.socket.next(
      ({ type, by }) => type === "typing" && Array.isArray(by),
    );
    const bob = await enter(server, "Bob");
    await bob.ask({ type: "read.mark", stream: bob.lobby, upTo: 1 });
    await bob.leave();
    const last = cid();
    await ann.say(last);
    await said(tim, last);
    expect(tim.received).toMatchObject([{ username: "Ann", message: last }]);
    tim.close();
  });

  test("nothing of what was said before", async () => {
    await Promise.all([ann.say("before"), ann.hears("before")]);
    const tim = await TestSocket.open(server);
    const text = cid();
    await ann.say(text);
    await said(tim, text);
    expect(tim.received).toHaveLength(1);
    tim.close();
  });

  const dangerous = `<img src=x onerror="alert('1')"> & ${cid()}`;
  test("as html, so that the tutorial's page may put it in as it is; stored as typed", async () => {
    const tim = await TestSocket.open(server);
    tim.send(words(dangerous, "<b>Tim&Co</b>".replaceAll(/[<>]/g, "‹")));
    const heard = await tim.next(({ message }) => message !== undefined);
    expect(String(heard["message"])).toStartWith("&lt;img src=x");
    expect(String(heard["message"])).not.toMatch(/<|>|&(?!amp;|lt;|gt;)/);
    expect(heard["username"]).toContain("Tim&amp;Co");
    await ann.hears(dangerous);
    tim.close();
  });

  test("as text where the operator wants it", async () => {
    await using plain = await startTestServer({
      ...generous,
      PARLEY_SIMPLE_WIRE: "text",
    });
    const tim = await TestSocket.open(plain);
    tim.send(words(dangerous));
    expect(await said(tim, dangerous)).toMatchObject({ username: "Tim" });
    tim.close();
  });

  test("not at all where it is off: 403, and parley.v1 goes on", async () => {
    await using off = await startTestServer({
      ...generous,
      PARLEY_SIMPLE_WIRE: "off",
    });
    const refused = await shakeHands(off);
    expect(refused.status).toBe(403);
    expect(codeOf(refused)).toBe("simple_wire_off");
    await expectServing(off);
  });
});

test("a guest is in the lobby while the connection lives, and no longer", async () => {
  const text = cid();
  const tim = await TestSocket.open(server);
  tim.send(words(text, "Tim"));
  tim.send(words(`${text} too`, "Tina"));
  const people = [
    (await ann.hears(text))["by"],
    (await ann.hears(`${text} too`))["by"],
  ];
  for (const person of people) {
    const joined = await hearsOf("member.joined", person);
    expect(joined["person"]).toMatchObject({ id: person, kind: "guest" });
  }
  tim.close();
  for (const person of people) {
    expect(await hearsOf("member.left", person)).toMatchObject({ person });
  }
});

test("nobody speaks as who was there: the same name and address is somebody else", async () => {
  const texts = [cid(), cid()];
  const speakers: unknown[] = [];
  for (const text of texts) {
    const tim = await TestSocket.open(server);
    tim.send({ ...words(text), email: "guest@example.org", username: "Ann" });
    speakers.push((await ann.hears(text))["by"]);
    tim.close();
  }
  expect(new Set([...speakers, ann.id]).size).toBe(3);
});
