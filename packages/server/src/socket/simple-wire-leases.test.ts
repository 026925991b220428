import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { hashToken, newSessionToken } from "../identifiers.ts";
import { readConfig } from "../config.ts";
import { Limiter } from "../limits/limiter.ts";
import { createLog } from "../log.ts";
import type { Store } from "../store/store.ts";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { enter } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { readRows } from "../testing/read-rows.ts";
import { sqlitePlace } from "../testing/sqlite-place.ts";
import { startTestServer } from "../testing/start-test-server.ts";
import { TestSocket } from "../testing/test-socket.ts";
import { newLease } from "./lease.ts";
import { renewLeases } from "./renew-leases.ts";
import { SimpleConnection } from "./simple-wire.ts";
import type { Ws } from "./socket.ts";
import type { SocketSurroundings } from "./surroundings.ts";

// A guest of the simple wire has no session. A lease says how long to take them
// for connected when nothing is heard of their node any more.

const place = sqlitePlace();
let store: Store;
beforeAll(async () => {
  store = await place.open(() => undefined);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await place.clear();
});

/** A real connection over a real store; of Bun's side only its end matters here. */
class Speaker {
  readonly connection: SimpleConnection;
  closeReason: string | undefined;

  constructor() {
    const config = readConfig({ ...generous, PARLEY_LOG: "error" });
    this.connection = new SimpleConnection(
      {
        config,
        log: createLog(config.log),
        commands: { store, limiter: new Limiter(config) },
        clock: { seconds: 0, hasSent: false },
      } as unknown as SocketSurroundings,
      "192.0.2.1",
    );
    const ws: Partial<Ws> = {
      subscribe: () => true,
      close: (_, reason) => (this.closeReason = reason),
    };
    void this.connection.opened(ws as Ws);
  }

  /** Says something and resolves when it is stored, or refused. */
  async say(message: string, username = "Tim"): Promise<void> {
    const email = `${username}@example.org`;
    this.connection.receive(JSON.stringify({ email, username, message }));
    await until(() => this.connection.pendingCommands === 0);
  }

  /** As the server has it. */
  get socket() {
    return { ws: { data: { socket: this.connection } } };
  }
}

/** Looks again and again, for five seconds at most. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 5_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error("it did not come to that");
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function authorOf(text: string): Promise<string> {
  const page = await store.reads.messages(store.lobby, { limit: 100 });
  return page.messages.find((message) => message.text === text)?.by ?? "";
}

function isHere(person: string): Promise<boolean> {
  return store.reads.isMember(person, store.lobby);
}

/** As if the time of these leases had passed. */
async function runOut(...speakers: Speaker[]): Promise<void> {
  const tokenHashes = speakers.flatMap(({ connection }) => connection.leases);
  await store.write("renewLeases", { tokenHashes, forMs: -1 });
}

function sweep(): Promise<unknown> {
  return store.write("sweepGuests", { simpleWire: false });
}

describe("a lease", () => {
  test("is renewed while the connection lives; when its node is gone, its guests are swept", async () => {
    const [here, lost] = [new Speaker(), new Speaker()];
    await here.say("one");
    await here.say("two", "Tina");
    await lost.say("three");
    const people = [await authorOf("one"), await authorOf("two")];
    await runOut(here, lost);
    await renewLeases(store, [here.socket]);
    await sweep();
    for (const person of people) expect(await isHere(person)).toBe(true);
    expect(await isHere(await authorOf("three"))).toBe(false);
    await here.say("four");
    expect(await authorOf("four")).toBe(people[0] ?? "");
  });

  test("of more guests than go into one write is renewed with the others", async () => {
    const speakers = Array.from({ length: 70 }, () => new Speaker());
    await Promise.all(
      speakers.map(async (speaker) => {
        for (let n = 1; n <= 8; n += 1) await speaker.say("here", `Tim${n}`);
      }),
    );
    await runOut(...speakers);
    const leases = speakers.flatMap(({ connection }) => connection.leases);
    expect(leases).toHaveLength(560);
    await renewLeases(
      store,
      speakers.map(({ socket }) => socket),
    );
    await sweep();
    expect((await store.reads.sessions(leases)).size).toBe(560);
    for (const { connection } of speakers) connection.closed();
    await until(async () => (await store.reads.sessions(leases)).size === 0);
  });

  test("ends with the connection, at once", async () => {
    const tim = new Speaker();
    await tim.say("hello");
    const person = await authorOf("hello");
    const { leases } = tim.connection;
    expect((await store.reads.sessions(leases)).size).toBe(1);
    tim.connection.closed();
    await until(async () => !(await isHere(person)));
    expect((await store.reads.sessions(leases)).size).toBe(0);
  });

  test("that ran out under a connection that lives costs no message: its guest comes in again", async () => {
    const tim = new Speaker();
    await tim.say("before");
    const first = await authorOf("before");
    await runOut(tim);
    await sweep();
    expect(await isHere(first)).toBe(false);
    const texts = ["after 1", "after 2", "after 3"];
    await Promise.all(texts.map((text) => tim.say(text)));
    expect(tim.closeReason).toBeUndefined();
    const authors = new Set(await Promise.all(texts.map(authorOf)));
    expect(authors.size).toBe(1);
    const [second = ""] = authors;
    expect(second).not.toBe(first);
    expect(await isHere(second)).toBe(true);
    expect(tim.connection.leases).toHaveLength(1);
    const page = await store.reads.messages(store.lobby, { limit: 3 });
    expect(page.messages.map(({ text }) => text)).toEqual(texts);
  });
});

test("[A-5] a lease is nobody's session: what stands for it in the store opens nothing", async () => {
  await using server = await startTestServer(generous);
  const ann = await enter(server);
  const tim = await TestSocket.open(server);
  tim.send({ email: "tim@example.org", username: "Tim", message: "hello" });
  await ann.hears("hello");
  const sessions = await readRows(server, "sessions");
  const leases = sessions
    .map((row) => String(row["token_hash"]))
    .filter((hash) => hash.startsWith("lease:"));
  expect(leases).toHaveLength(1);
  for (const hash of leases) {
    for (const token of [hash, hash.slice("lease:".length)]) {
      const cookie = `parley_sid=${token}`;
      const answer = await askHttp(server, "/api/me", { cookie });
      expectRefusal(answer, "unauthenticated");
    }
  }
  // No secret has such a hash.
  expect(hashToken(newSessionToken())).toMatch(/^[0-9a-f]{64}$/);
  expect(newLease()).not.toMatch(/^[0-9a-f]/);
  tim.close();
  await ann.leave();
});
