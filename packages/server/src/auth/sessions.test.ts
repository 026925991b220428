import {
  afterAll,
  afterEach,
  beforeAll,
  describe,
  expect,
  setSystemTime,
  test,
} from "bun:test";
import { readConfig } from "../config.ts";
import { newPersonId } from "../identifiers.ts";
import type { Store } from "../store/store.ts";
import { sqlitePlace } from "../testing/sqlite-place.ts";
import { Sessions } from "./sessions.ts";

const day = 86_400_000;
const hour = 3_600_000;
const start = Date.now();

const place = sqlitePlace();
let store: Store;
beforeAll(async () => {
  store = await place.open(() => undefined);
});
afterEach(() => {
  setSystemTime();
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await place.clear();
});

/** Sessions as after a start of the server: nothing at hand. */
function restarted(): Sessions {
  return new Sessions(
    store,
    readConfig({
      PARLEY_SESSION_IDLE_DAYS: "14",
      PARLEY_SESSION_DAYS: "90",
    }),
  );
}

/** A guest who has just joined, and their secret. */
async function join(sessions: Sessions) {
  const { token, ...session } = sessions.create();
  const id = newPersonId();
  await store.write("addGuest", {
    ...{ id, name: "Ann", email: "ann@example.org", session },
    ...{ lobby: store.lobby, origin: "page" },
  });
  return { id, token };
}

/** Whether the secret opens anything so many milliseconds after the start. */
async function opensAt(
  sessions: Sessions,
  token: string,
  later: number,
): Promise<boolean> {
  setSystemTime(start + later);
  return (await sessions.find(token)) !== undefined;
}

/** Waits until the store knows of a use, which nobody waits for otherwise. */
async function written(sessions: Sessions, token: string): Promise<void> {
  const found = await sessions.find(token);
  for (;;) {
    const hash = found?.tokenHash ?? "";
    const row = (await store.reads.sessions([hash])).get(hash);
    if (row?.expiresAt === found?.expiresAt) return;
    await Bun.sleep(1);
  }
}

describe("a session", () => {
  test("is found by its secret alone, at once and after a restart", async () => {
    const sessions = restarted();
    const { id, token } = await join(sessions);
    for (const one of [sessions, sessions, restarted()]) {
      expect((await one.find(token))?.me).toEqual({
        ...{ id, name: "Ann", kind: "guest", email: "ann@example.org" },
      });
    }
  });

  test("is not found by anything else", async () => {
    const sessions = restarted();
    const { token } = await join(sessions);
    const found = await sessions.find(token);
    const wrong = [
      undefined,
      "",
      token.slice(1),
      `${token}=`,
      ` ${token}`,
      token.toUpperCase(),
      // The hash that is in the database opens nothing.
      found?.tokenHash,
      "a".repeat(43),
      "ä".repeat(43),
    ];
    for (const one of wrong) {
      expect(await sessions.find(one)).toBeUndefined();
    }
  });

  test("ends after 14 days without use, whether it is at hand or not", async () => {
    const sessions = restarted();
    const { token } = await join(sessions);
    expect(await opensAt(restarted(), token, 14 * day + hour)).toBe(false);
    setSystemTime();
    await sessions.find(token);
    expect(await opensAt(sessions, token, 14 * day + hour)).toBe(false);
  });

  test("that is used goes on: each use puts off the end, also over a restart", async () => {
    const sessions = restarted();
    const { token } = await join(sessions);
    for (let days = 10; days <= 80; days += 10) {
      expect(await opensAt(sessions, token, days * day)).toBe(true);
    }
    await written(sessions, token);
    expect(await opensAt(restarted(), token, 80 * day + hour)).toBe(true);
  });

  test("ends after 90 days however much it is used", async () => {
    const sessions = restarted();
    const { token } = await join(sessions);
    for (let days = 10; days <= 80; days += 10) {
      expect(await opensAt(sessions, token, days * day)).toBe(true);
    }
    expect(await opensAt(sessions, token, 90 * day - hour)).toBe(true);
    await written(sessions, token);
    expect(await opensAt(sessions, token, 90 * day + hour)).toBe(false);
    expect(await opensAt(restarted(), token, 90 * day + hour)).toBe(false);
  });

  test("that was ended is gone at once, and for ever", async () => {
    const sessions = restarted();
    const { token } = await join(sessions);
    const found = await sessions.find(token);
    if (found === undefined) throw new Error("there is no session");
    const ending = sessions.end(found);
    await ending;
    expect(await sessions.find(token)).toBeUndefined();
    expect(await restarted().find(token)).toBeUndefined();
  });

  test("is not made again by a secret that was used while it ended", async () => {
    const sessions = restarted();
    const { token } = await join(sessions);
    const found = await sessions.find(token);
    if (found === undefined) throw new Error("there is no session");
    const ending = sessions.end(found);
    await sessions.find(token);
    await ending;
    expect(await sessions.find(token)).toBeUndefined();
  });

  test("of PARLEY_SESSION_DAYS below the idle days ends after those", async () => {
    const short = new Sessions(
      store,
      readConfig({ PARLEY_SESSION_DAYS: "1", PARLEY_SESSION_IDLE_DAYS: "14" }),
    );
    const { token } = await join(short);
    expect(await opensAt(short, token, 23 * hour)).toBe(true);
    expect(await opensAt(short, token, 25 * hour)).toBe(false);
  });
});
