import { sql, type Kysely } from "kysely";
import type { Connection } from "../connection.ts";
import { overRows } from "../prepared.ts";
import type { Schema } from "../schema.ts";

const countMembers = overRows<{ stream: string; count: number }>(
  ["text"],
  (rows) => sql`
    with asked (stream) as (${rows})
    select members.stream, count(*) as count
    from asked join members on members.stream = asked.stream
    group by members.stream`,
);

/** How many people are in each of these rooms; nothing for one that has none. */
export async function memberCounts(
  connection: Connection,
  streams: readonly string[],
): Promise<Map<string, number>> {
  const asked = streams.map((stream) => [stream]);
  const rows = await countMembers(connection, asked);
  return new Map(rows.map(({ stream, count }) => [stream, count]));
}

const findMembers = overRows<{ stream: string; person: string }>(
  ["text"],
  (rows) => sql`
    with asked (stream) as (${rows})
    select members.stream, members.person
    from asked join members on members.stream = asked.stream`,
);

/** Who is in each of these rooms, which are small. */
export async function membersOf(
  connection: Connection,
  streams: readonly string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>(
    streams.map((stream) => [stream, []]),
  );
  const asked = streams.map((stream) => [stream]);
  for (const { stream, person } of await findMembers(connection, asked)) {
    found.get(stream)?.push(person);
  }
  return found;
}

/** A page of who is in a room, in the order of their ids. */
export async function memberIds(
  db: Kysely<Schema>,
  stream: string,
  { after, limit }: { after: string; limit: number },
): Promise<string[]> {
  const rows = await db
    .selectFrom("members")
    .select("person")
    .where("stream", "=", stream)
    .where("person", ">", after)
    .orderBy("person")
    .limit(limit)
    .execute();
  return rows.map(({ person }) => person);
}
