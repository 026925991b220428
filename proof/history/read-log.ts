import { Database } from "bun:sqlite";
import { SQL } from "bun";
import type { FinalEvent, FinalLog } from "./record.ts";

// The log as it is stored, past everything that serves it: with plain SQL, so
// that a mistake in the server's own reads cannot hide one in its writes.

interface EventRow {
  stream: string;
  seq: number | string;
  at: number | string;
  type: string;
  by: string;
  cid: string | null;
  data: string | null;
  text: string | null;
  deleted: number | null;
}

interface MarkRow {
  stream: string;
  person: string;
  read: number | string;
}

const epochQuestion = "select value from meta where key = 'epoch'";

const eventsQuestion = `
  select events.stream, events.seq, at, type, events."by", cid, data, text, deleted
  from events
  left join messages
    on messages.stream = events.stream and messages.seq = events.seq
  order by events.stream, events.seq`;

const marksQuestion = "select stream, person, read from members";

/** From a SQLite database, by its file or as it is open. */
export function readSqliteLog(from: string | Database): FinalLog {
  if (typeof from === "string") {
    using database = new Database(from, { readonly: true });
    return readSqliteLog(database);
  }
  const epoch = from.query<{ value: string }, []>(epochQuestion).get();
  return finalLog(
    epoch?.value ?? "",
    from.query<EventRow, []>(eventsQuestion).iterate(),
    from.query<MarkRow, []>(marksQuestion).all(),
  );
}

/** From PostgreSQL, by its address. */
export async function readPostgresLog(url: string): Promise<FinalLog> {
  await using sql = new SQL(url, { max: 1 });
  const [epoch] = (await sql.unsafe(epochQuestion)) as { value: string }[];
  return finalLog(
    epoch?.value ?? "",
    (await sql.unsafe(eventsQuestion)) as EventRow[],
    await sql.unsafe(marksQuestion),
  );
}

/** From a database's address or file, as servers are given it. */
export async function readLog(database: string): Promise<FinalLog> {
  return /^postgres(ql)?:/.test(database)
    ? readPostgresLog(database)
    : readSqliteLog(database);
}

/** PostgreSQL's bigints come as text. */
function finalLog(
  epoch: string,
  rows: Iterable<EventRow>,
  marks: readonly MarkRow[],
): FinalLog {
  const streams = new Map<string, FinalEvent[]>();
  let current = "";
  let events: FinalEvent[] = [];
  for (const row of rows) {
    const { stream, seq, at, type, by, cid, data, text, deleted } = row;
    if (stream !== current) {
      current = stream;
      events = [];
      streams.set(stream, events);
    }
    events.push({
      ...{ seq: Number(seq), at: Number(at), type, by, cid, text },
      person: type.startsWith("member.") ? personIn(data) : null,
      ...aboutDeletion(type, deleted, data),
    });
  }
  return {
    epoch,
    streams,
    marks: marks.map(({ stream, person, read }) => {
      return { stream, person, read: Number(read) };
    }),
  };
}

/** That a message is deleted, or which one an event deletes. */
export function aboutDeletion(
  type: string,
  deleted: number | null,
  data: string | null,
): Pick<FinalEvent, "deleted" | "message"> {
  if (Number(deleted) === 1) return { deleted: true };
  if (type !== "message.deleted" || data === null) return {};
  return { message: (JSON.parse(data) as { message: number }).message };
}

/** Whoever joins comes with their name, whoever leaves with their id alone. */
function personIn(data: string | null): string | null {
  if (data === null) return null;
  const { person } = JSON.parse(data) as { person: string | { id: string } };
  return typeof person === "string" ? person : person.id;
}

/** As JSON, for a folder of histories. */
export function writtenLog(log: FinalLog): string {
  return JSON.stringify({ ...log, streams: [...log.streams] });
}

export function parsedLog(json: string): FinalLog {
  const log = JSON.parse(json) as Omit<FinalLog, "streams"> & {
    streams: [string, FinalEvent[]][];
  };
  return { ...log, streams: new Map(log.streams) };
}
