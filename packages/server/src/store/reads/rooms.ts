import type { RoomSummary } from "@parley/protocol";
import { limits } from "@parley/protocol";
import { sql, type Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import type { DirectoryRow } from "../store.ts";
import { nameKey } from "../writes/rooms.ts";

/** One's own rooms with exact unread counts, in one query; the lobby first. */
export async function rooms(
  db: Kysely<Schema>,
  person: string,
  {
    stream,
    upTo = Number.MAX_SAFE_INTEGER,
  }: { stream?: string; upTo?: number | undefined } = {},
): Promise<RoomSummary[]> {
  return db
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
      "streams.head",
      "members.read",
      sql<number>`(
        select count(*) from (
          select 1 from messages
          where messages.stream = members.stream
            and messages.seq > members.read
            and messages.seq <= ${upTo}
            and messages.by <> members.person
          limit ${sql.lit(limits.unreadCount)}
        ) as counted
      )`.as("unread"),
    ])
    .orderBy(sql`case rooms.kind when 'lobby' then 0 else 1 end`)
    .orderBy("rooms.name_key")
    .execute();
}

/** Rooms that anybody may join, whose name or topic holds the words asked for. */
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
