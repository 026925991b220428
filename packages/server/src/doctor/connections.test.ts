import { afterAll, beforeAll, expect, test } from "bun:test";
import { Client } from "pg";
import { createTestDatabase } from "../testing/test-postgres.ts";
import { checkPostgres } from "./check-postgres.ts";

// How many connections of PostgreSQL are free, as a role sees it that is no
// superuser: of others' sessions PostgreSQL tells it little.

const suffix = crypto.randomUUID().replaceAll("-", "");
const roles = { parley: `parley_${suffix}`, other: `other_${suffix}` };

let url: string;
let admin: Client;
const others: Client[] = [];

async function connect(role?: string): Promise<Client> {
  const client = new Client(role === undefined ? url : urlOf(role));
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

function urlOf(role: string): string {
  const own = new URL(url);
  own.username = role;
  own.password = "secret";
  return own.href;
}

beforeAll(async () => {
  url = await createTestDatabase();
  admin = await connect();
  for (const role of Object.values(roles)) {
    await admin.query(`create role ${role} login password 'secret'`);
  }
  for (let n = 0; n < 12; n += 1) others.push(await connect(roles.other));
});

afterAll(async () => {
  for (const client of others) await client.end();
  for (const role of Object.values(roles)) {
    await admin.query(`drop role ${role}`);
  }
  await admin.end();
});

test("the doctor counts others' connections, although it may not look into them", async () => {
  const findings = await checkPostgres({
    databaseUrl: urlOf(roles.parley),
    databaseConnections: 10,
  });
  const { found = "" } =
    findings.find(({ about }) => about === "connections") ?? {};
  const free = Number(/^(\d+) connections are free/.exec(found)?.[1]);
  const { rows } = await admin.query<{ max: number }>(`
    select current_setting('max_connections')::int
      - current_setting('superuser_reserved_connections')::int as max`);
  // Theirs, the doctor's own and this test's.
  expect(free).toBeLessThanOrEqual((rows[0]?.max ?? 0) - others.length - 2);
});
