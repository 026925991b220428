import { afterAll, beforeAll, expect, test } from "bun:test";
import type { Hono } from "hono";
import { pino } from "pino";
import { Accounts } from "../auth/accounts.ts";
import { Origins } from "../auth/origins.ts";
import { SessionCookie } from "../auth/session-cookie.ts";
import { Sessions } from "../auth/sessions.ts";
import { readConfig } from "../config.ts";
import { newCid, newPersonId, newRoomId } from "../identifiers.ts";
import { Limiter } from "../limits/limiter.ts";
import { Place } from "../place/place.ts";
import type { Reads, Store } from "../store/store.ts";
import { sqlitePlace } from "../testing/sqlite-place.ts";
import { createApp } from "./app.ts";
import type { HttpEnv } from "./context.ts";
import { WebFiles } from "./web-files.ts";

// Somebody is taken out of a room between two questions to the store.

const place = sqlitePlace();
let store: Store;
let app: Hono<HttpEnv>;
/** Happens when the room has been read, before that is answered. */
let meanwhile: () => Promise<unknown> = () => Promise.resolve();
let stream: string;
let person: string;
let cookie: string;

async function thenMeanwhile<Answer>(read: Promise<Answer>): Promise<Answer> {
  const answer = await read;
  await meanwhile();
  return answer;
}

beforeAll(async () => {
  store = await place.open(() => undefined);
  const reads: Reads = {
    ...store.reads,
    messages: (...of) => thenMeanwhile(store.reads.messages(...of)),
    members: (...of) => thenMeanwhile(store.reads.members(...of)),
  };
  const config = readConfig({});
  const sessions = new Sessions(store, config);
  const seen = await Place.open({
    ...{ reads, name: "Parley" },
    onError: (error) => {
      throw error;
    },
  });
  app = createApp(
    {
      config,
      place: seen,
      presence: {
        of: () => thenMeanwhile(Promise.resolve({ present: 0, people: {} })),
      },
      sessions,
      log: pino({ level: "silent" }),
      commands: { store: { ...store, reads }, limiter: new Limiter(config) },
      cookie: new SessionCookie({ isSecure: false, days: 1 }),
      accounts: new Accounts({
        ...{ secret: store.secret, isSecure: false, limits: true },
      }),
      origins: new Origins(config),
      endSockets: () => undefined,
      health: () => Promise.resolve({ store: true, bus: true }),
    },
    new WebFiles("/nowhere"),
  );
  const { token, ...session } = sessions.create();
  cookie = `parley_sid=${token}`;
  person = newPersonId();
  await store.write("addGuest", {
    ...{ id: person, name: "Ann", email: "ann@example.org", session },
    ...{ lobby: store.lobby, origin: "page" },
  });
  stream = newRoomId();
  const cid = newCid(Date.now());
  const room = { stream, by: person, cid, name: "Design", topic: "" };
  await store.write("createRoom", room);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await place.clear();
});

async function ask(what: string): Promise<{ status: number; text: string }> {
  const path = `/api/streams/${stream}/${what}`;
  const headers = { cookie };
  const response = await app.request(path, { headers }, { address: "::1" });
  return { status: response.status, text: await response.text() };
}

for (const what of ["messages", "members", "presence"]) {
  test(`[A-1] [A-4] who is taken out while the room's ${what} are read is told what a stranger is told`, async () => {
    meanwhile = () => Promise.resolve();
    expect((await ask(what)).status).toBe(200);
    const by = person;
    meanwhile = () =>
      store.write("leaveRoom", { stream, by, cid: newCid(Date.now()) });
    const late = await ask(what);
    meanwhile = () => Promise.resolve();
    expect(late).toEqual(await ask(what));
    expect(late.status).toBe(404);
    await store.write("joinRoom", { stream, by, cid: newCid(Date.now()) });
  });
}
