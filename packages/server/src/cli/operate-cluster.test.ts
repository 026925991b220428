import { expect, setDefaultTimeout, test } from "bun:test";
import { enter } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { runParley } from "../testing/parley-process.ts";
import { startTestServer } from "../testing/start-test-server.ts";
import { testNatsUrl } from "../testing/test-nats.ts";
import { createTestDatabase } from "../testing/test-postgres.ts";

// The real command on a database that a node serves: it writes there itself,
// and tells the nodes.

setDefaultTimeout(60_000);

const cases = [
  { name: "with NATS", hasNats: true },
  { name: "without NATS", hasNats: false },
];

for (const { name, hasNats } of cases) {
  test(`on PostgreSQL ${name} the nodes hear of what the command line does`, async () => {
    const environment = {
      PARLEY_DATABASE_URL: await createTestDatabase(),
      PARLEY_DATABASE_CONNECTIONS: "6",
      PARLEY_NATS_URL: hasNats ? await testNatsUrl() : "",
    };
    await using server = await startTestServer({ ...generous, ...environment });
    const gus = await enter(server, "Gus");
    const run = (...words: string[]) => runParley({ words, environment });

    const listed = await run("user", "list", "--json");
    expect([listed.code, listed.errors]).toEqual([0, ""]);
    expect(listed.output).toContain(gus.id);
    const since = performance.now();
    const suspended = await run("user", "suspend", gus.id);
    expect(suspended).toEqual({
      ...{ code: 0, errors: "" },
      output: `Gus (${gus.id}): guest, suspended.\n`,
    });
    expect((await gus.socket.closed).code).toBe(4003);
    // The start of a program is part of it.
    expect(performance.now() - since).toBeLessThan(10_000);
  });
}
