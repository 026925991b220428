import { Client } from "pg";
import { generous } from "./generous.ts";
import { startTestServer, type OpenTestServer } from "./start-test-server.ts";
import { testNatsUrl } from "./test-nats.ts";
import { createTestDatabase } from "./test-postgres.ts";

export interface TwoNodes extends AsyncDisposable {
  one: OpenTestServer;
  other: OpenTestServer;
  /** Past all nodes, straight into the database they share. */
  query(statement: string): Promise<void>;
}

/** Two real servers on one PostgreSQL; with or without a NATS between them. */
export async function startTwoNodes({
  hasNats = true,
  secondMs = 1_000,
}: { hasNats?: boolean; secondMs?: number } = {}): Promise<TwoNodes> {
  const url = await createTestDatabase();
  const environment = {
    ...generous,
    PARLEY_LIMITS: "off",
    PARLEY_DATABASE_URL: url,
    PARLEY_DATABASE_CONNECTIONS: "6",
    PARLEY_NATS_URL: hasNats ? await testNatsUrl() : "",
  };
  const [one, other] = await Promise.all(
    ["one", "other"].map((node) =>
      startTestServer({ ...environment, PARLEY_NODE: node }, { secondMs }),
    ),
  );
  if (one === undefined || other === undefined) throw new Error("no nodes");
  return {
    one,
    other,
    query: async (statement) => {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(statement);
      await client.end();
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([
        one[Symbol.asyncDispose](),
        other[Symbol.asyncDispose](),
      ]);
    },
  };
}
