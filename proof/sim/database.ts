import { Database } from "bun:sqlite";
import { commitBatch } from "../../packages/server/src/store/commit-batch.ts";
import type { WritingConnection } from "../../packages/server/src/store/connection.ts";
import { found, type Founded } from "../../packages/server/src/store/found.ts";
import { hashToken } from "../../packages/server/src/identifiers.ts";
import { migrate } from "../../packages/server/src/store/migrate.ts";
import { sqliteWords } from "../../packages/server/src/store/migrations/dialect-words.ts";
import { migrationsFor } from "../../packages/server/src/store/migrations/migrations.ts";
import { readsOn } from "../../packages/server/src/store/reads/reads.ts";
import { sqliteConnection } from "../../packages/server/src/store/sqlite/connection.ts";
import type { Reads } from "../../packages/server/src/store/store.ts";
import type { Role } from "../../packages/protocol/src/index.ts";
import type { WriteName } from "../../packages/server/src/store/writes/writes.ts";
import { textDigest, type Digest } from "../history/digest.ts";
import { aboutDeletion } from "../history/read-log.ts";
import type { FinalEvent, FinalLog } from "../history/record.ts";

export interface SimPerson {
  id: string;
  name: string;
  role: Role;
  /** One session per device that they may have. */
  tokens: string[];
}

/** What is there when a run begins. */
export interface Beginning {
  people: SimPerson[];
  /** The lobby first. Everybody is in the lobby and the next; not all in the others, of which the last is private. */
  rooms: string[];
}

const tables = [
  "meta",
  "people",
  "sessions",
  "streams",
  "rooms",
  "members",
  "events",
  "messages",
  "settings",
  "credentials",
  "links",
  "invitations",
  "claimed_names",
  "blocks",
] as const;

/** Those whose rows refer to others come first when they are emptied. */
const emptyFirst = tables.toReversed();

/** One who may take people out everywhere, some with accounts, and some without. */
const roles: readonly Role[] = ["owner", "member", "guest", "member", "guest"];
const tokensPerPerson = 3;

/** Longer than what a resume replays by default, so that `far` is reached. */
const longHistory = 340;

/**
 * The one database of a run, real SQLite in memory under the real statements.
 * It outlives every node. One object serves all runs of a process, because its
 * prepared statements are dear: each run begins with a copy of a template.
 */
export class SimDatabase {
  readonly connection: WritingConnection;
  readonly reads: Reads;
  readonly beginning: Beginning;
  /** What the messages say that are there before a long run, by cid. */
  readonly texts = new Map<string, Digest>();
  founded: Founded;
  readonly #database: Database;

  private constructor(
    database: Database,
    connection: WritingConnection,
    founded: Founded,
    beginning: Beginning,
  ) {
    this.#database = database;
    this.connection = connection;
    this.reads = readsOn(connection);
    this.founded = founded;
    this.beginning = beginning;
  }

  static async open(): Promise<SimDatabase> {
    Database.MAX_QUERY_CACHE_SIZE = 500;
    const database = new Database(":memory:", { strict: true });
    database.run("PRAGMA foreign_keys = ON");
    const connection = sqliteConnection(database);
    await migrate(connection.db, migrationsFor(sqliteWords));
    const founded = await found(connection.db, {
      lobbyName: "Lobby",
      now: Date.now(),
    });
    const beginning = await settle(connection, founded.lobby);
    const opened = new SimDatabase(database, connection, founded, beginning);
    for (const schema of ["short", "long", "backup"]) opened.#attach(schema);
    opened.save("short");
    await talk(connection, beginning, longHistory, opened.texts);
    opened.save("long");
    return opened;
  }

  /** Puts this image in the place of everything that is there. */
  restore(from: "short" | "long" | "backup"): void {
    const database = this.#database;
    database.query("begin").run();
    for (const table of emptyFirst) {
      database.query(`delete from main.${table}`).run();
    }
    for (const table of tables) {
      database
        .query(`insert into main.${table} select * from ${from}.${table}`)
        .run();
    }
    database.query("commit").run();
    this.#readEpoch();
  }

  /** As `parley restore` does: the log may have gone backwards. */
  renewEpoch(epoch: string): void {
    this.#database
      .query("update meta set value = ? where key = 'epoch'")
      .run(epoch);
    this.#readEpoch();
  }

  save(as: "short" | "long" | "backup"): void {
    const database = this.#database;
    for (const table of tables) {
      database.query(`delete from ${as}.${table}`).run();
      database
        .query(`insert into ${as}.${table} select * from main.${table}`)
        .run();
    }
  }

  /** The heads of all streams. */
  heads(): Map<string, number> {
    const rows = this.#database
      .query<{ id: string; head: number }, []>("select id, head from streams")
      .all();
    return new Map(rows.map(({ id, head }) => [id, head]));
  }

  /** Who is in which room now. */
  members(): Map<string, Set<string>> {
    const rows = this.#database
      .query<{ stream: string; person: string }, []>(
        "select stream, person from members",
      )
      .all();
    const members = new Map<string, Set<string>>();
    for (const { stream, person } of rows) {
      const rooms = members.get(person) ?? new Set();
      members.set(person, rooms.add(stream));
    }
    return members;
  }

  hasDeletions(): boolean {
    const question = "select 1 from messages where deleted = 1 limit 1";
    return this.#database.query(question).get() !== null;
  }

  /** Everything that is stored, as the checker wants it. */
  finalLog(): FinalLog {
    const rows = this.#database
      .query<Omit<FinalEvent, "person" | "deleted"> & Stored, []>(
        `select events.stream, events.seq, events.at, events.type, events."by",
           events.cid, messages.text, messages.deleted, events.data
         from events left join messages
           on messages.stream = events.stream and messages.seq = events.seq
         order by events.stream, events.seq`,
      )
      .all();
    const streams: FinalLog["streams"] = new Map();
    for (const { stream, data, deleted, ...event } of rows) {
      const ofStream = streams.get(stream) ?? [];
      const { type } = event;
      ofStream.push({
        ...{ ...event, person: personIn(type, data) },
        ...aboutDeletion(type, deleted, data),
      });
      streams.set(stream, ofStream);
    }
    const marks = this.#database
      .query<{ stream: string; person: string; read: number }, []>(
        "select stream, person, read from members",
      )
      .all();
    return { epoch: this.founded.epoch, streams, marks };
  }

  #readEpoch(): void {
    const row = this.#database
      .query<{ value: string }, []>(
        "select value from meta where key = 'epoch'",
      )
      .get();
    this.founded = { ...this.founded, epoch: row?.value ?? "" };
  }

  #attach(schema: string): void {
    this.#database.run(`attach ':memory:' as ${schema}`);
    for (const table of tables) {
      this.#database.run(
        `create table ${schema}.${table} as select * from main.${table}`,
      );
    }
  }
}

interface Stored {
  stream: string;
  data: string | null;
  deleted: number | null;
}

function personIn(type: string, data: string | null): string | null {
  if (data === null) return null;
  const { person } = JSON.parse(data) as { person?: string | { id: string } };
  if (type === "member.joined" && typeof person === "object") return person.id;
  return typeof person === "string" ? person : null;
}

/** The people and their rooms, by the very writes that make them elsewhere. */
async function settle(
  connection: WritingConnection,
  lobby: string,
): Promise<Beginning> {
  const people: SimPerson[] = [];
  for (const [n, role] of roles.entries()) {
    const id = `u_person000${n}`;
    const name = `Person ${n}`;
    const tokens = Array.from({ length: tokensPerPerson }, (_, device) =>
      `${n}${device}`.padEnd(43, "t"),
    );
    people.push({ id, name, role, tokens });
    const [first = "", ...others] = tokens.map(hashToken);
    const expiresAt = Date.now() + 1e9;
    await write(connection, "addGuest", {
      ...{ id, name, email: `${n}@example.org`, lobby, origin: "page" },
      session: { tokenHash: first, expiresAt },
    });
    for (const hash of others) {
      const now = Date.now();
      await connection.db
        .insertInto("sessions")
        .values({
          ...{ token_hash: hash, person: id, created_at: now },
          ...{ used_at: now, expires_at: expiresAt, agent: "" },
          confirmed_at: 0,
        })
        .execute();
    }
    await connection.db
      .updateTable("people")
      .set({ role })
      .where("id", "=", id)
      .execute();
    // Whoever administers has just shown who they are, for the whole run.
    await connection.db
      .updateTable("sessions")
      .set({ confirmed_at: expiresAt })
      .where("person", "=", id)
      .execute();
  }
  const rooms = [lobby];
  for (const [n, kind] of (
    ["public", "public", "private"] as const
  ).entries()) {
    const by = people[n % 2]?.id;
    const stream = `r_room00000${n + 1}`;
    const room = { stream, name: `Room ${n + 1}`, topic: "", kind };
    const cid = crypto.randomUUID();
    await write(connection, "createRoom", { ...room, by, cid });
    rooms.push(stream);
    const others = people.filter(({ id }) => id !== by).slice(0, 4 - n);
    for (const { id } of others) {
      const cid = crypto.randomUUID();
      await (kind === "public"
        ? write(connection, "joinRoom", { by: id, cid, stream })
        : write(connection, "inviteToRoom", { by, cid, stream, people: [id] }));
    }
  }
  return { people, rooms };
}

/** So many messages in each room. */
async function talk(
  connection: WritingConnection,
  { people, rooms }: Beginning,
  count: number,
  texts: Map<string, Digest>,
): Promise<void> {
  for (let n = 0; n < count; n += 1) {
    for (const stream of rooms) {
      const by = people[n % 2]?.id;
      const cid = crypto.randomUUID();
      const text = `before ${n}`;
      texts.set(cid, textDigest(text));
      await write(connection, "appendMessage", { stream, by, cid, text });
    }
  }
}

async function write(
  connection: WritingConnection,
  name: WriteName,
  input: unknown,
): Promise<unknown> {
  const request = { id: 1, name, input };
  const { settled } = await commitBatch(connection, [request], Date.now());
  if (settled[0]?.status !== "done") throw new Error(JSON.stringify(settled));
  return settled[0].value;
}
