import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import type { Me } from "@parley/protocol";
import { newPersonId } from "../identifiers.ts";
import type { Store } from "../store/store.ts";
import { inboxOf } from "../store/stream-keys.ts";
import { committed } from "../testing/committed.ts";
import { sqlitePlace } from "../testing/sqlite-place.ts";
import { Sessions } from "./sessions.ts";

// What a session says of its person, and of how sure that is.

const days = { sessionIdleDays: 14, sessionDays: 90 };
const minute = 60_000;

const place = sqlitePlace();
let real: Store;
let store: Store;
/** What an answer of the store waits for. */
let answer: () => Promise<void>;
let aheadMs: number;

beforeAll(async () => {
  real = await place.open(() => undefined);
});
beforeEach(() => {
  aheadMs = 0;
  answer = () => Promise.resolve();
  store = {
    ...real,
    now: () => real.now() + aheadMs,
    reads: {
      ...real.reads,
      sessions: async (hashes) => {
        const found = await real.reads.sessions(hashes);
        await answer();
        return found;
      },
    },
  };
});
afterAll(async () => {
  await real[Symbol.asyncDispose]();
  await place.clear();
});

async function join(sessions: Sessions): Promise<{ token: string; me: Me }> {
  const { token, ...session } = sessions.create();
  const id = newPersonId();
  const me = await store.write("addGuest", {
    ...{ id, name: "Guest", email: "guest@example.org", session },
    ...{ lobby: store.lobby, origin: "page" },
  });
  return { token, me };
}

const told = (me: Me) => committed("inbox", 9, { type: "me.changed", me });

test("a change that is heard in the inbox counts at once, for all sessions of the person and nobody else's", async () => {
  const sessions = new Sessions(store, days);
  const [ann, ben] = [await join(sessions), await join(sessions)];
  const session = await sessions.find(ann.token);
  await sessions.find(ben.token);
  const me = { ...ann.me, name: "Ann" };
  sessions.hear(inboxOf(ann.me.id), told(me));
  expect(session?.me).toEqual(me);
  expect((await sessions.find(ann.token))?.me).toEqual(me);
  expect((await sessions.find(ben.token))?.me).toEqual(ben.me);
});

test("an answer of the store that is older than what was heard meanwhile counts for nothing", async () => {
  const sessions = new Sessions(store, days);
  const { token, me } = await join(sessions);
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const asked = Promise.withResolvers<undefined>();
  answer = () => {
    asked.resolve(undefined);
    return promise;
  };
  const finding = sessions.find(token);
  await asked.promise;
  await store.write("changeMe", { by: me.id, changes: { name: "Newer" } });
  sessions.hear(inboxOf(me.id), told({ ...me, name: "Newer" }));
  resolve(undefined);
  expect((await finding)?.me.name).toBe("Newer");
});

test("[A-2] an end that is heard in the inbox counts at once, and a room's events are not looked at", async () => {
  const sessions = new Sessions(store, days);
  const { token, me } = await join(sessions);
  const session = await sessions.find(token);
  const ended = committed("inbox", 9, {
    ...{ type: "session.ended", session: session?.publicId ?? "" },
  });
  sessions.hear(store.lobby, ended);
  expect(await sessions.find(token)).toBeDefined();
  sessions.hear(inboxOf(me.id), ended);
  expect(await sessions.find(token)).toBeUndefined();
});

test("a password that was shown counts for 15 minutes", async () => {
  const sessions = new Sessions(store, days);
  const session = await sessions.find((await join(sessions)).token);
  if (session === undefined) throw new Error("there is no session");
  expect(await sessions.isConfirmed(session)).toBe(false);
  sessions.confirmed(session);
  expect(await sessions.isConfirmed(session)).toBe(true);
  aheadMs = 15 * minute - 1_000;
  expect(await sessions.isConfirmed(session)).toBe(true);
  aheadMs = 15 * minute + 1_000;
  expect(await sessions.isConfirmed(session)).toBe(false);
});
