import { expect, setDefaultTimeout, test } from "bun:test";
import { setTimeout as wait } from "node:timers/promises";
import { StreamHolder } from "../../testing/stream-holder.ts";
import { startTcpProxy } from "../../testing/tcp-proxy.ts";
import { createTestDatabase } from "../../testing/test-postgres.ts";
import { watchStore } from "../../testing/watched-store.ts";

// However the database keeps a write waiting, it is answered in time.
setDefaultTimeout(60_000);

test("[L-1] a write that comes while another is held up is refused within 5 seconds too", async () => {
  const url = await createTestDatabase();
  await using watched = await watchStore(url);
  await using other = new StreamHolder(url);
  await other.hold(watched.store.lobby);
  const waitOf = async (text: string): Promise<number> => {
    const since = performance.now();
    await watched.post(text).catch(() => undefined);
    return performance.now() - since;
  };
  const first = waitOf("first");
  await other.untilSomebodyWaits();
  await wait(300);
  const waits = await Promise.all([first, waitOf("second")]);
  await other.release();
  expect(Math.max(...waits)).toBeLessThan(5_000);
});

/** A way to the database that lets people in, and then says nothing more. */
async function fallingSilent(url: string) {
  let isSilent = false;
  const proxy = await startTcpProxy(Number(new URL(url).port), {
    toClient: (data) =>
      // The greeting ends with ReadyForQuery; what is asked behind it is not answered.
      isSilent && !data.includes("server_version") && data[0] !== 0x52
        ? undefined
        : data,
  });
  return {
    proxy,
    silence: () => {
      isSilent = true;
    },
    speak: () => {
      isSilent = false;
    },
  };
}

test("[L-1] a database that accepts connections and answers nothing: the write is refused within 5 seconds", async () => {
  const url = await createTestDatabase();
  const { proxy, silence, speak } = await fallingSilent(url);
  await using watched = await watchStore(proxy.through(url));
  await watched.post("one");
  silence();
  proxy.cut();
  const outcome = await Promise.race([
    watched.post("two").then(
      () => "stored",
      () => "refused",
    ),
    wait(8_000, "nothing"),
  ]);
  speak();
  proxy.cut();
  expect(outcome).toBe("refused");
});

test("a store whose database says nothing more closes nevertheless", async () => {
  const url = await createTestDatabase();
  const { proxy, silence, speak } = await fallingSilent(url);
  const watched = await watchStore(proxy.through(url));
  await watched.post("one");
  silence();
  const outcome = await Promise.race([
    watched[Symbol.asyncDispose]().then(() => "closed"),
    wait(3_000, "nothing"),
  ]);
  speak();
  proxy.cut();
  expect(outcome).toBe("closed");
});
