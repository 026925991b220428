import { ParleyError, type Person } from "@parley/protocol";
import type { RoomFacts } from "./membership.ts";
import type { WriteTransaction } from "./transaction.ts";

/** The room's row; `not_found` for what does not exist. */
export async function findRoom(
  { db }: WriteTransaction,
  stream: string,
): Promise<RoomFacts> {
  const room = await db
    .selectFrom("rooms")
    .select(["stream", "name", "kind", "topic"])
    .where("stream", "=", stream)
    .executeTakeFirst();
  if (room === undefined) throw new ParleyError("not_found");
  return room;
}

/** The person's row, who must exist: their session was checked a moment ago. */
export async function findPerson(
  { db }: WriteTransaction,
  id: string,
): Promise<Person & { origin: "page" | "simple-wire" }> {
  return db
    .selectFrom("people")
    .select(["id", "name", "kind", "origin"])
    .where("id", "=", id)
    .executeTakeFirstOrThrow(() => new ParleyError("unauthenticated"));
}

/** The person's membership row, or undefined. */
export function findMember(
  { db }: WriteTransaction,
  stream: string,
  person: string,
) {
  return db
    .selectFrom("members")
    .select(["since", "read"])
    .where("stream", "=", stream)
    .where("person", "=", person)
    .executeTakeFirst();
}

export async function headOf(
  { db }: WriteTransaction,
  stream: string,
): Promise<number> {
  const { head } = await db
    .selectFrom("streams")
    .select("head")
    .where("id", "=", stream)
    .executeTakeFirstOrThrow();
  return head;
}

/**
 * Two names are the same name when this is: case, width and composition do not
 * count. Up and down again is what comes nearest to Unicode's case folding: ß
 * and ss meet, as do the two small sigmas.
 */
export function nameKey(name: string): string {
  return name.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}
