import {
  afterAll,
  beforeAll,
  describe,
  expect,
  setDefaultTimeout,
  test,
} from "bun:test";
import type { ParleyError } from "@parley/protocol";
import { setTimeout as wait } from "node:timers/promises";
import { Client } from "pg";
import { newCid } from "../../identifiers.ts";
import {
  createDatabaseIn,
  startTestPostgres,
  type TestPostgres,
} from "../../testing/test-postgres.ts";
import { StreamHolder } from "../../testing/stream-holder.ts";
import {
  textsOf,
  watchStore,
  type WatchedStore,
} from "../../testing/watched-store.ts";
import { startTcpProxy, type Link } from "../../testing/tcp-proxy.ts";

// What becomes of writes and reads when PostgreSQL goes, stays away, or dies
// in the middle of a commit.
setDefaultTimeout(30_000);

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(async () => {
  await postgres.stop();
});

/** Four people who say one thing after the other until they are told to stop. */
function chatter({ post }: WatchedStore) {
  const acknowledged: string[] = [];
  const refused: unknown[] = [];
  let isOver = false;
  const speak = async (person: number): Promise<void> => {
    for (let n = 0; !isOver; n += 1) {
      const text = `${person}: ${n}`;
      try {
        await post(text);
        acknowledged.push(text);
      } catch (error) {
        refused.push(error);
      }
    }
  };
  const speaking = Promise.all([0, 1, 2, 3].map(speak));
  return {
    acknowledged,
    refused,
    end: async () => {
      isOver = true;
      await speaking;
    },
  };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await wait(5);
}

describe("PostgreSQL restarts under load", () => {
  for (const how of ["fast", "immediate", "kill -9"] as const) {
    test(`[P17] [D-1] [D-3] ${how}: no send fails, nothing is lost or doubled, and the first succeeds within 2 seconds of its return`, async () => {
      const url = await createDatabaseIn(postgres.url);
      await using watched = await watchStore(url);
      const talk = chatter(watched);
      await until(() => talk.acknowledged.length > 50);
      await postgres.end(how);
      await postgres.startAgain();
      const back = performance.now();
      const before = talk.acknowledged.length;
      await until(() => talk.acknowledged.length > before);
      expect(performance.now() - back).toBeLessThan(2_000);
      const goal = talk.acknowledged.length + 50;
      await until(() => talk.acknowledged.length > goal);
      await talk.end();

      expect(talk.refused).toEqual([]);
      const texts = await textsOf(watched.store);
      expect(texts.toSorted()).toEqual(talk.acknowledged.toSorted());
      expect(watched.connections).toEqual([false, true]);
    });
  }

  test("[P17] reads that are asked meanwhile are answered after it", async () => {
    const url = await createDatabaseIn(postgres.url);
    await using watched = await watchStore(url);
    await watched.post("before");
    await postgres.end("fast");
    const asked = textsOf(watched.store);
    const health = watched.store.isHealthy();
    expect(await health).toBe(false);
    await postgres.startAgain();
    expect(await asked).toEqual(["before"]);
    expect(await watched.store.isHealthy()).toBe(true);
  });
});

test("[L-1] [P17] while PostgreSQL stays away, sends and reads are refused as unavailable within 5 seconds, to be tried again", async () => {
  const url = await createDatabaseIn(postgres.url);
  await using watched = await watchStore(url);
  await postgres.end("fast");
  const since = performance.now();
  const outcomes = await Promise.allSettled([
    watched.post("into the void"),
    textsOf(watched.store),
  ]);
  expect(performance.now() - since).toBeLessThan(5_000);
  await postgres.startAgain();
  for (const outcome of outcomes) {
    expect(outcome.status).toBe("rejected");
    const error = (outcome as PromiseRejectedResult).reason as ParleyError;
    expect([error.code, error.retryable]).toEqual(["unavailable", true]);
  }
  await watched.post("and again");
  expect((await textsOf(watched.store)).at(-1)).toBe("and again");
});

describe("the connection dies in the middle of a commit", () => {
  /** A proxy whose next commit of this text is cut, before or after it is done. */
  async function cutting(moment: "before" | "after") {
    const doomed = new Set<Link>();
    let isArmed = false;
    const proxy = await startTcpProxy(postgres.port, {
      toServer: (data, link) => {
        if (!isArmed || !data.includes("commit\0")) return data;
        isArmed = false;
        if (moment === "after") {
          doomed.add(link);
          return data;
        }
        link.client.destroy();
        return undefined;
      },
      toClient: (data, link) => {
        // "C" and the tag: the server says that it has committed.
        if (!doomed.has(link)) return data;
        if (data.includes("COMMIT\0")) link.client.destroy();
        return undefined;
      },
    });
    return {
      proxy,
      arm: () => {
        isArmed = true;
      },
    };
  }

  test("[P17] [D-3] after it was done: the sender gets the number of what is stored, no error and no second copy", async () => {
    const url = await createDatabaseIn(postgres.url);
    const { proxy, arm } = await cutting("after");
    await using watched = await watchStore(proxy.through(url));
    const { store } = watched;
    await watched.post("one");
    arm();
    const answer = await watched.post("two");
    expect(await textsOf(store)).toEqual(["one", "two"]);
    const heads = await store.reads.heads([store.lobby]);
    expect(answer).toMatchObject({ seq: heads.get(store.lobby) ?? 0 });
    // Nobody was told of it by the commit, so they are told to look.
    expect(watched.moved.get(store.lobby)).toBe(answer.seq);
    await proxy[Symbol.asyncDispose]();
  });

  test("[P17] [D-1] before it was done: it is done again, told once and answered", async () => {
    const url = await createDatabaseIn(postgres.url);
    const { proxy, arm } = await cutting("before");
    await using watched = await watchStore(proxy.through(url));
    arm();
    const { seq } = await watched.post("one");
    expect(await textsOf(watched.store)).toEqual(["one"]);
    const told = watched.published.filter(({ event }) => event.seq === seq);
    expect(told).toHaveLength(1);
    // That there was doubt is told too, and says nothing new.
    expect(watched.moved.get(watched.store.lobby)).toBe(seq);
    await proxy[Symbol.asyncDispose]();
  });

  test("[D-3] the first commit is still going on at the server when it is asked again: one copy", async () => {
    const url = await createDatabaseIn(postgres.url);
    const proxy = await startTcpProxy(postgres.port);
    await using watched = await watchStore(proxy.through(url));
    await using other = new StreamHolder(url);
    await other.hold(watched.store.lobby);
    const cid = newCid(Date.now());
    const asked = watched.post("slow", cid);
    await other.untilSomebodyWaits();
    // The server does not notice that nobody listens any more until it is done.
    proxy.cut();
    await wait(200);
    await other.release();
    await asked;
    expect(await textsOf(watched.store)).toEqual(["slow"]);
    await proxy[Symbol.asyncDispose]();
  });
});

describe("others hold a stream", () => {
  test("[L-1] for a while: the send waits for them", async () => {
    const url = await createDatabaseIn(postgres.url);
    await using watched = await watchStore(url);
    await using other = new StreamHolder(url);
    await other.hold(watched.store.lobby);
    const asked = watched.post("patient");
    await other.untilSomebodyWaits();
    await other.release();
    expect((await asked).seq).toBeGreaterThan(0);
  });

  test("[L-1] for too long: the send is refused as unavailable within 5 seconds", async () => {
    const url = await createDatabaseIn(postgres.url);
    await using watched = await watchStore(url);
    await using other = new StreamHolder(url);
    await other.hold(watched.store.lobby);
    const since = performance.now();
    const error = await watched.post("waiting").catch((one: unknown) => one);
    expect(performance.now() - since).toBeLessThan(5_000);
    expect((error as ParleyError).code).toBe("unavailable");
    await other.release();
    await watched.post("again");
    expect((await textsOf(watched.store)).at(-1)).toBe("again");
  });
});

test("[P4] a full disk refuses what cannot be stored as storage_full, and only as long as it is full", async () => {
  const url = await createDatabaseIn(postgres.url);
  await using watched = await watchStore(url);
  const client = new Client(url);
  await client.connect();
  // PostgreSQL's own code for a full disk, from where the rows are written.
  await client.query(`
    create function full_disk() returns trigger language plpgsql as
    $$ begin raise exception 'no space left' using errcode = '53100'; end $$`);
  await client.query(`
    create trigger full_disk before insert on messages
    execute function full_disk()`);
  const error = await watched.post("too much").catch((one: unknown) => one);
  expect((error as ParleyError).code).toBe("storage_full");
  await client.query("drop trigger full_disk on messages");
  await client.end();
  await watched.post("room again");
  expect(await textsOf(watched.store)).toEqual(["room again"]);
});

test("[D-9] two transactions that wait for each other: one is done again, and both are stored", async () => {
  const url = await createDatabaseIn(postgres.url);
  await using watched = await watchStore(url);
  await using other = new StreamHolder(url);
  // Before its commit the post holds the lobby; the other holds the author's
  // row of a cid and then wants the lobby: a circle, which PostgreSQL breaks.
  const client = new Client(url);
  await client.connect();
  await client.query(`
    create function tangle() returns trigger language plpgsql as
    $$ begin perform pg_advisory_xact_lock(42); return new; end $$`);
  await client.query(`
    create trigger tangle before insert on messages
    for each row execute function tangle()`);
  await client.query("begin");
  await client.query("select pg_advisory_xact_lock(42)");
  const asked = watched.post("tangled");
  await other.untilSomebodyWaits("advisory");
  await client
    .query("select 1 from streams where id = $1 for update", [
      watched.store.lobby,
    ])
    .catch(() => undefined);
  await client.query("rollback");
  await client.end();
  expect((await asked).seq).toBeGreaterThan(0);
  expect(await textsOf(watched.store)).toEqual(["tangled"]);
});

test("[P15] a node that fell asleep in a transaction does not hold a stream up for longer than 5 seconds", async () => {
  const url = await createDatabaseIn(postgres.url);
  const proxy = await startTcpProxy(postgres.port, {
    // Its words no longer come out once it has taken the stream.
    toServer: (data) => (isAsleep ? undefined : data),
    toClient: (data) => {
      if (willSleep && data.includes("SELECT 1\0")) isAsleep = true;
      return isAsleep ? undefined : data;
    },
  });
  let willSleep = false;
  let isAsleep = false;
  await using sleeper = await watchStore(proxy.through(url));
  const person = sleeper.published.find(
    ({ event }) => event.type === "member.joined",
  )?.event.by;
  await using other = await watchStore(url, { person: person ?? "" });
  willSleep = true;
  const lost = sleeper.post("asleep").catch(() => undefined);
  await until(() => isAsleep);
  const since = performance.now();
  await other.post("awake");
  expect(performance.now() - since).toBeLessThan(5_000);
  willSleep = false;
  isAsleep = false;
  proxy.cut();
  await lost;
  await proxy[Symbol.asyncDispose]();
});
