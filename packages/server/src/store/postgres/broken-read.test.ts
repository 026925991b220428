import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { Client } from "pg";
import { setTimeout as wait } from "node:timers/promises";
import { startTcpProxy, type TcpProxy } from "../../testing/tcp-proxy.ts";
import { createTestDatabase } from "../../testing/test-postgres.ts";
import { watchStore } from "../../testing/watched-store.ts";

// What becomes of a read whose connection breaks, or falls silent, under it.
setDefaultTimeout(30_000);

let url: string;
let proxy: TcpProxy;
let isSilent = false;
beforeAll(async () => {
  url = await createTestDatabase();
  proxy = await startTcpProxy(Number(new URL(url).port), {
    toClient: (data) => (isSilent ? undefined : data),
  });
});
afterAll(() => proxy[Symbol.asyncDispose]());

/** Holds a table so that whoever reads it waits. */
async function holdMessages(): Promise<Client> {
  const holder = new Client(url);
  await holder.connect();
  await holder.query("begin; lock table messages in access exclusive mode");
  return holder;
}

async function untilSomebodyWaits(holder: Client): Promise<void> {
  for (;;) {
    const { rows } = await holder.query<{ waits: boolean }>(
      `select count(*) > 0 as waits from pg_stat_activity
      where wait_event_type = 'Lock' and datname = current_database()`,
    );
    if (rows[0]?.waits === true) return;
    await wait(5);
  }
}

test("[L-3] a connection that breaks under a read throws nothing at nobody, and the read is answered over another", async () => {
  await using watched = await watchStore(proxy.through(url));
  const { store, post } = watched;
  await post("one");
  const thrown: unknown[] = [];
  const hear = (error: unknown): void => {
    thrown.push(error);
  };
  process.on("uncaughtException", hear);
  const holder = await holdMessages();
  const page = store.reads.messages(store.lobby, { limit: 10 });
  await untilSomebodyWaits(holder);
  proxy.cut();
  await wait(50);
  await holder.query("rollback");
  await holder.end();
  expect((await page).messages.map(({ text }) => text)).toEqual(["one"]);
  process.off("uncaughtException", hear);
  expect(thrown).toEqual([]);
});

test("[L-1] a connection that falls silent under a read does not hold it up for longer than 5 seconds", async () => {
  await using watched = await watchStore(proxy.through(url));
  const { store, post } = watched;
  await post("one");
  isSilent = true;
  const since = performance.now();
  const outcome = await Promise.race([
    store.reads.messages(store.lobby, { limit: 10 }).then(
      () => "answered",
      () => "refused",
    ),
    wait(6_000, "nothing"),
  ]);
  isSilent = false;
  proxy.cut();
  expect(outcome).toBe("refused");
  expect(performance.now() - since).toBeLessThan(5_000);
});
