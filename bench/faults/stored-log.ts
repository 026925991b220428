import { Database } from "bun:sqlite";
import { SQL } from "bun";

/** One event as it stands in the database; `text` of a message only. */
export interface StoredEvent {
  stream: string;
  seq: number;
  cid: string | null;
  text: string | null;
}

/** A bigint comes as text. */
type PostgresRow = Omit<StoredEvent, "seq"> & { seq: string };

const question =
  "select stream, seq, cid, text from events left join messages using (stream, seq) order by stream, seq";

/** The whole log, straight from PostgreSQL. */
export async function readPostgresLog(url: string): Promise<StoredEvent[]> {
  await using sql = new SQL(url, { max: 1 });
  const rows = (await sql.unsafe(question)) as PostgresRow[];
  return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
}

/** The whole log, straight from a SQLite file. */
export function readSqliteLog(file: string): StoredEvent[] {
  using database = new Database(file, { readonly: true });
  return database.query<StoredEvent, []>(question).all();
}
