import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { newPersonId } from "../identifiers.ts";
import { publicSessionId } from "../store/session-id.ts";
import type { Store } from "../store/store.ts";
import { sqlitePlace } from "../testing/sqlite-place.ts";
import { Sessions } from "./sessions.ts";

// A session that is ended, used or put off on another node of the same store:
// two `Sessions` over one store, each with its own memory, are two nodes.

const days = { sessionIdleDays: 14, sessionDays: 90 };
const hour = 3_600_000;

const place = sqlitePlace();
let real: Store;
/** The same store, of which a node knows that others write to it too. */
let store: Store;
/** What the store was asked, one entry per question. */
let asked: (readonly string[])[];
/** Lets a question's answer wait. */
let answer: () => Promise<void>;
let aheadMs: number;

beforeAll(async () => {
  real = await place.open(() => undefined);
});
beforeEach(() => {
  asked = [];
  aheadMs = 0;
  answer = () => Promise.resolve();
  store = {
    ...real,
    isShared: true,
    now: () => real.now() + aheadMs,
    reads: {
      ...real.reads,
      sessions: async (hashes) => {
        asked.push(hashes);
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

/** Monotonic time from which on this node hears everybody's inbox. */
let heardSince: number | undefined;
beforeEach(() => {
  heardSince = undefined;
});

function node(): Sessions {
  return new Sessions(store, { ...days, heardSince: () => heardSince });
}

async function join(sessions: Sessions): Promise<string> {
  const { token, ...session } = sessions.create();
  await store.write("addGuest", {
    ...{ id: newPersonId(), name: "Ann", email: "ann@example.org", session },
    ...{ lobby: store.lobby, origin: "page" },
  });
  return token;
}

/** A session that both nodes know, and its secret. */
async function known() {
  const [here, there] = [node(), node()];
  const token = await join(here);
  const session = await here.find(token);
  if (session === undefined || !(await there.find(token))) {
    throw new Error("there is no session");
  }
  asked = [];
  return { here, there, token, session };
}

test("[A-2] [P21] one that was ended on another node opens nothing here a second later", async () => {
  const { here, there, token, session } = await known();
  const endedAt = performance.now();
  await there.end(session);
  let isThere = true;
  while (isThere && performance.now() - endedAt < 5_000) {
    isThere = (await here.find(token)) !== undefined;
    await Bun.sleep(5);
  }
  expect(performance.now() - endedAt).toBeLessThan(1_000);
  // Not a question per request: what the store says is believed for a while.
  expect(asked).toHaveLength(1);
});

test("[A-2] while the person's inbox is heard here nothing is asked, and what it tells counts at once", async () => {
  heardSince = performance.now();
  const { here, there, token, session } = await known();
  await Bun.sleep(1_000);
  expect(await here.find(token)).toBe(session);
  expect(asked).toEqual([]);
  await there.end(session);
  here.hearEnd(session.publicId);
  expect(await here.find(token)).toBeUndefined();
  expect(here.isOver(session)).toBe(true);
});

test("[A-2] a connection asks again when its session was read before the inbox was heard, however short before", async () => {
  const { here, there, token, session } = await known();
  await there.end(session);
  // Its end is told in the inbox below the head at which this node begins.
  heardSince = performance.now();
  expect(await here.confirm(session)).toBe(false);
  expect(await here.find(token)).toBeUndefined();
});

test("a connection does not ask when the session was read since the inbox is heard", async () => {
  heardSince = performance.now();
  const { here, session } = await known();
  expect(await here.confirm(session)).toBe(true);
  expect(asked).toEqual([]);
});

test("[A-2] an answer that is older than what was heard since counts for nothing", async () => {
  const [here, there] = [node(), node()];
  const token = await join(there);
  const session = await there.find(token);
  if (session === undefined) throw new Error("there is no session");
  const { promise, resolve } = Promise.withResolvers<undefined>();
  answer = () => promise;
  const finding = here.find(token);
  while (asked.length < 2) await Bun.sleep(1);
  await there.end(session);
  heardSince = 0;
  here.hearEnd(session.publicId);
  resolve(undefined);
  expect(await finding).toBeUndefined();
  expect(await here.find(token)).toBeUndefined();
});

test("[A-2] a use that is written down late does not bring it back", async () => {
  const { here, there, token, session } = await known();
  await there.end(session);
  aheadMs = 2 * hour;
  heardSince = 0;
  // This node has not heard, believes it still goes on, and writes that down.
  expect(here.isOver(session)).toBe(false);
  await store.write("endSession", { tokenHash: "nothing" });
  expect(await node().find(token)).toBeUndefined();
  expect(await here.recheck(session)).toBe(false);
});

test("one that was used on another node goes on here as well", async () => {
  const { here, there, token, session } = await known();
  aheadMs = 13 * 24 * hour;
  expect(await there.find(token)).toBeDefined();
  while (
    (await real.reads.sessions([session.tokenHash])).get(session.tokenHash)
      ?.expiresAt === session.expiresAt
  ) {
    await Bun.sleep(1);
  }
  aheadMs = 15 * 24 * hour;
  // By what this node knows it is over, but it is asked.
  heardSince = 0;
  expect(await here.find(token)).toBe(session);
});

test("[P18] it begins and ends by the store's clock, not by this node's", () => {
  aheadMs = -hour;
  const { expiresAt } = node().create();
  const wanted = Date.now() - hour + 14 * 24 * hour;
  expect(Math.abs(expiresAt - wanted)).toBeLessThan(10_000);
});

test("[P13] all that are looked up again in one turn are one question", async () => {
  const here = node();
  const tokens = await Promise.all([1, 2, 3].map(() => join(here)));
  const sessions = await Promise.all(tokens.map((token) => here.find(token)));
  asked = [];
  await Promise.all(sessions.map((one) => one && here.recheck(one)));
  expect(asked).toHaveLength(1);
});

test("its public id opens nothing, is short, and the same everywhere", async () => {
  const { here, there, token, session } = await known();
  expect(session.publicId).toMatch(/^s_[0-9a-f]{16}$/);
  expect((await there.find(token))?.publicId).toBe(session.publicId);
  expect(session.publicId).toBe(publicSessionId(session.tokenHash));
  expect(session.tokenHash).not.toContain(session.publicId.slice(2));
  expect(await here.find(session.publicId)).toBeUndefined();
});
