import { sql, type Kysely, type SqlBool } from "kysely";
import { founder } from "../founder.ts";
import { asPerson, personColumns } from "../person-row.ts";
import type { Schema } from "../schema.ts";
import type {
  AdministeredPerson,
  AdministeredRoom,
  PeopleQuestion,
  StandingInPlace,
} from "../place-reads.ts";
import { nameKey } from "../writes/rooms.ts";

/** As many rooms as a list has; who looks for another says a part of its name. */
const roomsMax = 500;

/** What this one is in the place now; undefined for nobody and who is suspended. */
export async function standingInPlace(
  db: Kysely<Schema>,
  person: string,
): Promise<StandingInPlace | undefined> {
  const row = await db
    .selectFrom("people")
    .select(["role", "bound"])
    .where("id", "=", person)
    .where("suspended_at", "is", null)
    .executeTakeFirst();
  return row && { role: row.role, bound: row.bound === 1 };
}

/** Accounts first, then guests, each by name. */
const isGuest = sql<number>`case people.role when 'guest' then 1 else 0 end`;
const nameInOrder = sql<string>`lower(people.name)`;

/**
 * A page of the people of the place, and how many there are: everybody with an
 * account, and the guests who are in some room. Guests who are gone are in what
 * they said, not in this list, unless they are suspended.
 */
export async function peopleOfPlace(
  db: Kysely<Schema>,
  question: PeopleQuestion,
): Promise<{ people: AdministeredPerson[]; count: number }> {
  const { after = "", limit } = question;
  const found = whoAre(db, question);
  const rows = await found
    .select([
      ...personColumns,
      "people.email",
      "people.bound",
      "people.created_at",
      (eb) =>
        eb
          .selectFrom("sessions")
          .whereRef("sessions.person", "=", "people.id")
          .select(({ fn }) => fn.max("used_at").as("used"))
          .as("last_seen_at"),
      (eb) =>
        eb
          .selectFrom("credentials")
          .whereRef("credentials.person", "=", "people.id")
          .select(({ fn }) => fn.countAll<number>().as("count"))
          .as("credentials"),
    ])
    .$if(after !== "", (query) =>
      query.where(
        sql<SqlBool>`(${isGuest}, ${nameInOrder}, people.id) > (
          select case role when 'guest' then 1 else 0 end, lower(name), id
          from people where id = ${after})`,
      ),
    )
    .orderBy(isGuest)
    .orderBy(nameInOrder)
    .orderBy("people.id")
    .limit(limit)
    .execute();
  const { count } = await found
    .select(({ fn }) => fn.countAll<number>().as("count"))
    .executeTakeFirstOrThrow();
  return {
    count,
    people: rows.map((row) => ({
      ...asPerson(row),
      role: row.role,
      email: row.email,
      bound: row.bound === 1,
      createdAt: row.created_at,
      lastSeenAt: row.last_seen_at,
      hasAccount: (row.credentials ?? 0) > 0,
    })),
  };
}

function whoAre(db: Kysely<Schema>, { query, byEmail, ids }: PeopleQuestion) {
  const typed = `%${query.replace(/[\\%_]/g, "\\$&")}%`;
  const wanted = typed.toLowerCase();
  const people = db.selectFrom("people").where("people.id", "<>", founder);
  if (ids !== undefined) return people.where("people.id", "in", ids);
  return people
    .where((eb) =>
      eb.or([
        eb("people.role", "<>", "guest"),
        eb("people.suspended_at", "is not", null),
        eb.exists(
          eb
            .selectFrom("members")
            .whereRef("members.person", "=", "people.id")
            .select("members.person"),
        ),
      ]),
    )
    .$if(query !== "", (found) =>
      found.where(
        // As typed, too: SQLite knows only of ASCII what is small and large.
        sql<SqlBool>`(lower(people.name) like ${wanted} escape '\\'
          or people.name like ${typed} escape '\\'
          or people.username like ${wanted} escape '\\'
          ${byEmail ? sql`or lower(people.email) like ${wanted} escape '\\'` : sql``})`,
      ),
    );
}

/** The person who is called so: by id, or by user name. */
export async function personCalled(
  db: Kysely<Schema>,
  word: string,
): Promise<string | undefined> {
  const row = await db
    .selectFrom("people")
    .select("id")
    .where("id", "<>", founder)
    .where((eb) =>
      eb.or([eb("id", "=", word), eb("username", "=", word.toLowerCase())]),
    )
    .executeTakeFirst();
  return row?.id;
}

/**
 * Rooms whose name has this in it, or the one with this id; never direct ones,
 * and nothing of what is said in them.
 */
export async function roomsOfPlace(
  db: Kysely<Schema>,
  query: string,
): Promise<AdministeredRoom[]> {
  const wanted = `%${nameKey(query).replace(/[\\%_]/g, "\\$&")}%`;
  const rows = await db
    .selectFrom("rooms")
    .select((eb) => [
      "rooms.stream",
      "rooms.name",
      "rooms.kind",
      "rooms.topic",
      "rooms.archived_at",
      "rooms.read_only",
      "rooms.is_default",
      "rooms.created_at",
      eb
        .selectFrom("members")
        .whereRef("members.stream", "=", "rooms.stream")
        .select(({ fn }) => fn.countAll<number>().as("count"))
        .as("members"),
    ])
    .where("rooms.kind", "<>", "direct")
    .$if(query !== "", (found) =>
      found.where(
        sql<SqlBool>`(rooms.name_key like ${wanted} escape '\\'
          or rooms.stream = ${query})`,
      ),
    )
    .orderBy(sql`case rooms.kind when 'lobby' then 0 else 1 end`)
    .orderBy("rooms.name_key")
    .orderBy("rooms.stream")
    .limit(roomsMax)
    .execute();
  return rows.map((row) => ({
    stream: row.stream,
    name: row.name,
    kind: row.kind,
    topic: row.topic,
    members: row.members ?? 0,
    archived: row.archived_at !== null,
    readOnly: row.read_only === 1,
    isDefault: row.is_default === 1,
    createdAt: row.created_at,
  }));
}
