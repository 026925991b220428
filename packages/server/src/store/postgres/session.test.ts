import { expect, setDefaultTimeout, test } from "bun:test";
import { Client } from "pg";
import { createTestDatabase } from "../../testing/test-postgres.ts";
import { textsOf, watchStore } from "../../testing/watched-store.ts";
import { clientConfig, connectClient } from "./session.ts";
import { closeClient } from "./client-socket.ts";

// What a database or a role is set to does not get into a connection.
setDefaultTimeout(30_000);

async function databaseWith(setting: string, value: string): Promise<string> {
  const url = await createTestDatabase();
  const client = new Client(url);
  await client.connect();
  const name = new URL(url).pathname.slice(1);
  await client.query(`alter database "${name}" set ${setting} = '${value}'`);
  await client.end();
  return url;
}

test("[D-7] a database that is set to another client encoding gets the texts as they are", async () => {
  const url = await databaseWith("client_encoding", "LATIN1");
  await using watched = await watchStore(url);
  await watched.post("Grüße 设计 🙂");
  expect(await textsOf(watched.store)).toEqual(["Grüße 设计 🙂"]);
  const client = new Client(url);
  await client.connect();
  await client.query("set client_encoding = 'UTF8'");
  const { rows } = await client.query("select text from messages");
  await client.end();
  expect(rows).toEqual([{ text: "Grüße 设计 🙂" }]);
});

test("[A-1] each statement sees what was committed before it, whatever the database is set to", async () => {
  const url = await databaseWith(
    "default_transaction_isolation",
    "repeatable read",
  );
  const client = await connectClient(clientConfig(url));
  const { rows } = await client.query("show transaction_isolation");
  closeClient(client);
  expect(rows).toEqual([{ transaction_isolation: "read committed" }]);
});
