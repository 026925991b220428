import type { Person } from "@parley/protocol";
import { sql, type Kysely } from "kysely";
import type { Connection } from "../connection.ts";
import { asPerson, personColumns } from "../person-row.ts";
import { overRows } from "../prepared.ts";
import type { Schema } from "../schema.ts";
import type { MemberRow } from "../store.ts";

export async function people(
  db: Kysely<Schema>,
  ids: readonly string[],
): Promise<Person[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("people")
    .select(personColumns)
    .where("id", "in", ids)
    .execute();
  return rows.map(asPerson);
}

/** A page of a room's people in the order of their ids, and how many there are. */
export async function members(
  db: Kysely<Schema>,
  stream: string,
  { after, limit }: { after: string; limit: number },
): Promise<{ members: MemberRow[]; count: number }> {
  const page = await db
    .selectFrom("members")
    .innerJoin("people", "people.id", "members.person")
    .select([...personColumns, "members.moderator"])
    .where("members.stream", "=", stream)
    .where("members.person", ">", after)
    .orderBy("members.person")
    .limit(limit)
    .execute();
  const { count } = await db
    .selectFrom("members")
    .select((eb) => eb.fn.countAll<number>().as("count"))
    .where("stream", "=", stream)
    .executeTakeFirstOrThrow();
  return {
    members: page.map(({ moderator, ...row }) => ({
      ...asPerson(row),
      ...(moderator === 1 ? { moderator: true } : {}),
    })),
    count,
  };
}

const findMemberships = overRows<{
  person: string;
  stream: string;
  since: number;
}>(
  ["text"],
  (rows) => sql`
    with asked (person) as (${rows})
    select members.person, members.stream, members.since
    from asked join members on members.person = asked.person`,
);

/**
 * Which rooms each of these people is in, and since which number of the room;
 * nobody is left out of the answer.
 */
export async function memberships(
  connection: Connection,
  ids: readonly string[],
): Promise<Map<string, Map<string, number>>> {
  const rooms = new Map(ids.map((id) => [id, new Map<string, number>()]));
  const asked = ids.map((id) => [id]);
  for (const { person, stream, since } of await findMemberships(
    connection,
    asked,
  )) {
    rooms.get(person)?.set(stream, since);
  }
  return rooms;
}

/** The number of the room with which they came in; undefined when they are not. */
export async function memberSince(
  db: Kysely<Schema>,
  person: string,
  stream: string,
): Promise<number | undefined> {
  const row = await db
    .selectFrom("members")
    .select("since")
    .where("stream", "=", stream)
    .where("person", "=", person)
    .executeTakeFirst();
  return row?.since;
}
