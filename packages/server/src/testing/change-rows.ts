import { Database } from "bun:sqlite";
import path from "node:path";
import { Client } from "pg";
import { databaseFile } from "../store/sqlite/open.ts";
import { clusterSettings, isOnCluster } from "./cluster-places.ts";
import type { TestServer } from "./start-test-server.ts";

/**
 * Statements beside the running server, in one transaction: what would take
 * minutes by its commands. Nobody is told of it.
 */
export async function changeRows(
  { folder }: TestServer,
  statements: readonly string[],
): Promise<void> {
  const all = ["begin", ...statements, "commit"];
  if (isOnCluster) {
    const { PARLEY_DATABASE_URL: url } = await clusterSettings(folder);
    const client = new Client(url);
    await client.connect();
    for (const statement of all) await client.query(statement);
    await client.end();
    return;
  }
  using database = new Database(path.join(folder, databaseFile));
  database.run("PRAGMA busy_timeout = 5000");
  for (const statement of all) database.run(statement);
}
