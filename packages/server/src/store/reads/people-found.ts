import type { Person } from "@parley/protocol";
import { sql, type Kysely, type SqlBool } from "kysely";
import { founder } from "../founder.ts";
import { asPerson, personColumns } from "../person-row.ts";
import type { Schema } from "../schema.ts";

/** As many as somebody looks through; who is not among them is asked for by more letters. */
const foundMax = 20;

/** Of these people those whom this one may know of, in one question. */
export async function peopleSeenBy(
  db: Kysely<Schema>,
  person: string,
  ids: readonly string[],
): Promise<Person[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom("people")
    .select(personColumns)
    .where("people.id", "in", ids)
    .where((eb) =>
      eb.or([
        eb("people.id", "=", person),
        eb.not(
          eb.exists(
            eb
              .selectFrom("people as asking")
              .where("asking.id", "=", person)
              .where("asking.bound", "=", 1)
              .select("asking.id"),
          ),
        ),
        eb.exists(
          eb
            .selectFrom("members as own")
            .innerJoin("members as theirs", "theirs.stream", "own.stream")
            .where("own.person", "=", person)
            .whereRef("theirs.person", "=", "people.id")
            .select("own.stream"),
        ),
      ]),
    )
    .execute();
  return rows.map(asPerson);
}

/**
 * People who have these letters in their name or user name, in any case. Not
 * who is suspended, who is bound to rooms, who is gone (a guest in no room), or
 * who could not be told of anything (the simple wire's guests, and the founder).
 */
export async function searchPeople(
  db: Kysely<Schema>,
  query: string,
): Promise<Person[]> {
  const typed = query.normalize("NFC").replace(/[\\%_]/g, "\\$&");
  const [small, large] = [typed.toLowerCase(), typed.toUpperCase()];
  // SQLite knows of ASCII only what is small and large; of other letters, what
  // was typed is looked for as it is, all small, all large, and as names begin.
  const begun = typed.replace(/^\S/u, (letter) => letter.toUpperCase());
  const variants = new Set([typed, large, begun]);
  const rows = await db
    .selectFrom("people")
    .select(personColumns)
    .where("people.id", "<>", founder)
    .where("people.suspended_at", "is", null)
    .where("people.bound", "=", 0)
    .where("people.origin", "=", "page")
    .where((eb) =>
      eb.or([
        eb("people.role", "<>", "guest"),
        eb.exists(
          eb
            .selectFrom("members")
            .whereRef("members.person", "=", "people.id")
            .select("members.person"),
        ),
      ]),
    )
    .where((eb) =>
      eb.or([
        sql<SqlBool>`lower(people.name) like ${`%${small}%`} escape '\\'`,
        sql<SqlBool>`people.username like ${`%${small}%`} escape '\\'`,
        ...[...variants].map(
          (variant) =>
            sql<SqlBool>`people.name like ${`%${variant}%`} escape '\\'`,
        ),
      ]),
    )
    // Who is called so, then whose name begins so, then the others, by name.
    .orderBy(
      sql`case when people.username = ${query.toLowerCase()} then 0
        when lower(people.name) like ${`${small}%`} escape '\\' then 1
        else 2 end`,
    )
    .orderBy(sql`lower(people.name)`)
    .orderBy("people.id")
    .limit(foundMax)
    .execute();
  return rows.map(asPerson);
}
