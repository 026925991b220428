import { Database } from "bun:sqlite";
import path from "node:path";
import { Client } from "pg";
import { databaseFile } from "../store/sqlite/open.ts";
import { clusterSettings, isOnCluster } from "./cluster-places.ts";
import type { TestServer } from "./start-test-server.ts";

type Row = Record<string, unknown>;

/** All rows of a table, read beside the running server. */
export async function readRows(
  { folder }: TestServer,
  table: string,
): Promise<Row[]> {
  if (isOnCluster) {
    const { PARLEY_DATABASE_URL: url } = await clusterSettings(folder);
    const client = new Client(url);
    await client.connect();
    const { rows } = await client.query<Row>(`select * from ${table}`);
    await client.end();
    return rows;
  }
  const file = path.join(folder, databaseFile);
  using database = new Database(file, { readonly: true });
  return database.query<Row, []>(`select * from ${table}`).all();
}
