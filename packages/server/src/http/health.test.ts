import { afterAll, beforeAll, expect, test } from "bun:test";
import { setTimeout } from "node:timers/promises";
import { askHttp } from "../testing/ask-http.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { startTestNats, type TestNats } from "../testing/test-nats.ts";
import {
  createDatabaseIn,
  startTestPostgres,
  type TestPostgres,
} from "../testing/test-postgres.ts";

let postgres: TestPostgres;
let nats: TestNats;
let node: TestServer;
beforeAll(async () => {
  [postgres, nats] = await Promise.all([startTestPostgres(), startTestNats()]);
  node = await startTestServer({
    ...generous,
    PARLEY_LOG: "silent",
    PARLEY_DATABASE_URL: await createDatabaseIn(postgres.url),
    PARLEY_NATS_URL: nats.url,
  });
}, 60_000);
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await Promise.all([postgres.stop(), nats.stop()]);
});

/** Asks until it says so; both take a moment to notice. */
async function untilHealthIs(wanted: {
  status: number;
  body: object;
}): Promise<void> {
  const until = performance.now() + 15_000;
  for (;;) {
    const { status, text } = await askHttp(node, "/healthz");
    const said = { status, body: JSON.parse(text) as object };
    if (Bun.deepEquals(said, wanted)) return;
    if (performance.now() > until) expect(said).toEqual(wanted);
    await setTimeout(50);
  }
}

async function expectLive(): Promise<void> {
  const { status, text } = await askHttp(node, "/livez");
  expect({ status, text }).toEqual({ status: 200, text: '{"status":"live"}' });
}

const ready = { status: 200, body: { status: "ready" } };

test("[P16] without NATS a node says that it is not ready, goes on serving, and is ready again by itself", async () => {
  await untilHealthIs(ready);
  await nats.kill();
  const body = { status: "not ready", store: "ok", bus: "unreachable" };
  await untilHealthIs({ status: 503, body });
  await expectLive();
  await nats.startAgain();
  await untilHealthIs(ready);
}, 60_000);

test("[P17] without PostgreSQL a node says that it is not ready, goes on serving, and is ready again by itself", async () => {
  await untilHealthIs(ready);
  await postgres.end("kill -9");
  const body = { status: "not ready", store: "unreachable", bus: "ok" };
  await untilHealthIs({ status: 503, body });
  await expectLive();
  await postgres.startAgain();
  await untilHealthIs(ready);
}, 60_000);

test("on PostgreSQL without NATS a node is ready: the database is the way between the nodes", async () => {
  await using alone = await startTestServer({
    ...generous,
    PARLEY_DATABASE_URL: await createDatabaseIn(postgres.url),
    PARLEY_NATS_URL: "",
  });
  const { status, text } = await askHttp(alone, "/healthz");
  expect({ status, text }).toEqual({ status: 200, text: '{"status":"ready"}' });
});
