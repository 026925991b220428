import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { cid, enter, expectServing } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { shakeHands } from "../testing/shake-hands.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { TestSocket } from "../testing/test-socket.ts";

// A stop finishes what was taken, and tells everybody to come back.

const environment = { ...generous, PARLEY_LIMITS: "off" };

let folder: string;
let server: TestServer;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), "parley-test-"));
  server = await startTestServer(environment, { folder });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("everybody hears bye with a moment of their own, then 4200", async () => {
  const people = await Promise.all(
    Array.from({ length: 30 }, (_, n) => enter(server, `Guest ${n}`)),
  );
  const simple = await TestSocket.open(server);
  await server[Symbol.asyncDispose]();
  const moments = new Set<unknown>();
  for (const { socket } of people) {
    expect((await socket.closed).code).toBe(4200);
    const bye = socket.received.at(-1);
    expect(bye).toMatchObject({ type: "bye", code: 4200 });
    moments.add(bye?.["afterMs"]);
  }
  // 25 different ones, so that they do not all come back at once.
  expect(moments.size).toBe(25);
  expect((await simple.closed).code).toBe(4200);
});

test("[D-1] [D-2] what was answered before it is stored, once, and nothing stored goes unanswered", async () => {
  const people = await Promise.all(
    Array.from({ length: 5 }, (_, n) => enter(server, `Guest ${n}`)),
  );
  const acknowledged = new Map<string, number>();
  const posting = people.map(async (person) => {
    for (;;) {
      const one = cid();
      const { lobby: stream } = person;
      const post = { type: "message.post", stream, cid: one, text: one };
      const isClosed = person.socket.closed.then(() => undefined);
      const answer = await Promise.race([person.ask(post), isClosed]);
      if (answer === undefined) return;
      acknowledged.set(one, Number(answer["seq"]));
    }
  });
  await people[0]?.socket.next(() => acknowledged.size > 100);
  await server[Symbol.asyncDispose]();
  await Promise.all(posting);
  // An answer and the end of its socket may be read in one turn.
  for (const { socket } of people) {
    for (const { type, cid: one, seq } of socket.received) {
      if (type === "ok") acknowledged.set(String(one), Number(seq));
    }
  }

  server = await startTestServer(environment, { folder });
  const reader = await enter(server, "Reader", { cursors: {} });
  const stored = new Map<string, number>();
  for (let after = 0; ;) {
    const response = await fetch(
      `${server.url}/api/streams/${reader.lobby}/messages?after=${after}&limit=100`,
      { headers: { cookie: reader.guest.cookie } },
    );
    const page = (await response.json()) as {
      messages: { cid: string; seq: number; text: string }[];
      to: number;
      head: number;
    };
    for (const message of page.messages) {
      expect(message.text).toBe(message.cid);
      expect(stored.has(message.cid)).toBe(false);
      stored.set(message.cid, message.seq);
    }
    after = page.to;
    if (page.to >= page.head) break;
  }
  expect(stored).toEqual(acknowledged);
  await expectServing(server);
  await server[Symbol.asyncDispose]();
});

test("a page that opens during it is told to come later, and a second stop changes nothing", async () => {
  const ann = await enter(server, "Ann");
  const stopping = server[Symbol.asyncDispose]();
  const late = shakeHands(server).catch(() => ({ status: 0 }));
  await Promise.all([stopping, server[Symbol.asyncDispose]()]);
  expect([0, 503]).toContain((await late).status);
  expect((await ann.socket.closed).code).toBe(4200);
});

test("[D-1] a stop does not wait for people to fall silent: what comes from then on is not taken, and unanswered", async () => {
  const people = await Promise.all(
    Array.from({ length: 10 }, (_, n) => enter(server, `Guest ${n}`)),
  );
  const talking = setInterval(() => {
    for (const { socket, lobby: stream } of people) {
      for (let n = 0; n < 5; n += 1) {
        const [id, one] = [Math.ceil(Math.random() * 1e9), cid()];
        socket.send({ type: "message.post", id, stream, cid: one, text: one });
      }
    }
  }, 1);
  const isAnswered = ({ type }: { type?: unknown }): boolean => type === "ok";
  await people[0]?.socket.next(isAnswered);
  const startedAt = performance.now();
  await server[Symbol.asyncDispose]();
  expect(performance.now() - startedAt).toBeLessThan(2_000);
  clearInterval(talking);
  for (const { socket } of people) {
    expect((await socket.closed).code).toBe(4200);
    expect(socket.received.at(-1)?.["type"]).toBe("bye");
  }
});
