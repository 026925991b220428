import { limits, type Person, type RoomSummary } from "@parley/protocol";
import { sql, type Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import type { DirectoryRow } from "../store.ts";
import { asPerson, personColumns } from "../person-row.ts";
import { nameKey, roomFacts, type RoomRow } from "../writes/rooms.ts";

interface Row extends RoomRow {
  read: number;
  head: number;
  unread: number;
  moderator: number;
  favourite: number;
  muted: number;
  /** 0 also when something was said since. */
  hidden: number;
}

/**
 * One's own rooms with exact unread counts, in one query, and the others in the
 * direct ones in another; the lobby first.
 */
export async function rooms(
  db: Kysely<Schema>,
  person: string,
  {
    stream,
    upTo = Number.MAX_SAFE_INTEGER,
  }: { stream?: string; upTo?: number | undefined } = {},
): Promise<RoomSummary[]> {
  const rows = await db
    .selectFrom("members")
    .innerJoin("rooms", "rooms.stream", "members.stream")
    .innerJoin("streams", "streams.id", "members.stream")
    .where("members.person", "=", person)
    .$if(stream !== undefined, (query) =>
      query.where("members.stream", "=", stream ?? ""),
    )
    .select([
      "rooms.stream",
      "rooms.name",
      "rooms.kind",
      "rooms.topic",
      "rooms.read_only",
      "rooms.archived_at",
      "streams.head",
      "members.read",
      "members.moderator",
      "members.favourite",
      "members.muted",
      sql<number>`case when members.hidden > 0 and not exists (
        select 1 from messages
        where messages.stream = members.stream
          and messages.seq > members.hidden
      ) then members.hidden else 0 end`.as("hidden"),
      sql<number>`(
        select count(*) from (
          select 1 from messages
          where messages.stream = members.stream
            and messages.seq > members.read
            and messages.seq <= ${upTo}
            and messages.by <> members.person
            and messages.deleted = 0
          limit ${sql.lit(limits.unreadCount)}
        ) as counted
      )`.as("unread"),
    ])
    .orderBy(sql`case rooms.kind when 'lobby' then 0 else 1 end`)
    .orderBy("rooms.name_key")
    .execute();
  const direct = rows.filter(({ kind }) => kind === "direct");
  const others = await othersIn(
    db,
    person,
    direct.map((room) => room.stream),
  );
  return rows.map((row) => asSummary(row, others));
}

function asSummary(
  row: Row,
  others: ReadonlyMap<string, Person[]>,
): RoomSummary {
  const { head, read, unread, hidden, kind } = row;
  return {
    ...roomFacts(row),
    ...(kind === "direct" ? { people: others.get(row.stream) ?? [] } : {}),
    ...(row.moderator === 1 ? { moderator: true } : {}),
    ...(row.favourite === 1 ? { favourite: true } : {}),
    ...(row.muted === 1 ? { muted: true } : {}),
    ...(hidden > 0 ? { hidden } : {}),
    head,
    read,
    unread,
  };
}

/** Who else is in these direct rooms. */
async function othersIn(
  db: Kysely<Schema>,
  person: string,
  streams: readonly string[],
): Promise<Map<string, Person[]>> {
  const others = new Map<string, Person[]>();
  if (streams.length === 0) return others;
  const rows = await db
    .selectFrom("members")
    .innerJoin("people", "people.id", "members.person")
    .where("members.stream", "in", streams)
    .where("members.person", "<>", person)
    .select([...personColumns, "members.stream"])
    .orderBy("people.id")
    .execute();
  for (const { stream, ...row } of rows) {
    const of = others.get(stream);
    if (of) of.push(asPerson(row));
    else others.set(stream, [asPerson(row)]);
  }
  return others;
}

/**
 * Rooms that anybody may find, whose name or topic holds the words asked for;
 * those that are archived are for who is in them.
 */
export async function directory(
  db: Kysely<Schema>,
  person: string,
  query: string,
): Promise<DirectoryRow[]> {
  const wanted = `%${nameKey(query).replace(/[\\%_]/g, "\\$&")}%`;
  const rows = await db
    .selectFrom("rooms")
    .select((eb) => [
      "rooms.stream",
      "rooms.name",
      "rooms.topic",
      eb
        .selectFrom("members")
        .whereRef("members.stream", "=", "rooms.stream")
        .select((inner) => inner.fn.countAll<number>().as("count"))
        .as("members"),
      eb
        .selectFrom("members")
        .whereRef("members.stream", "=", "rooms.stream")
        .where("members.person", "=", person)
        .select((inner) => inner.fn.countAll<number>().as("count"))
        .as("joined"),
    ])
    .where("rooms.kind", "in", ["lobby", "public"])
    .where("rooms.archived_at", "is", null)
    .where(
      sql<boolean>`(rooms.name_key like ${wanted} escape '\\' or rooms.topic_key like ${wanted} escape '\\')`,
    )
    .orderBy("rooms.name_key")
    .limit(limits.pagePeople)
    .execute();
  return rows.map((row) => ({
    ...row,
    members: row.members ?? 0,
    joined: (row.joined ?? 0) > 0,
  }));
}
