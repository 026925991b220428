import {
  mayInPlace,
  ParleyError,
  type Actor,
  type Me,
  type Person,
  type PlaceRight,
} from "@parley/protocol";
import { founder } from "../founder.ts";
import { asMe, asPerson, personColumns } from "../person-row.ts";
import type { Schema } from "../schema.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Somebody who does something, as they stand at this moment. */
export interface Acting extends Actor {
  person: Person;
  me: Me;
  bound: boolean;
  origin: Schema["people"]["origin"];
}

/**
 * The person's row, who must exist and not be suspended: `unauthenticated`. The
 * operator at the command line, whom no session can be of, is above all ranks.
 */
export async function findActor(
  transaction: WriteTransaction,
  id: string,
): Promise<Acting> {
  const actor = await findSomebody(transaction, id);
  if (actor === undefined || actor.person.suspended) {
    throw new ParleyError("unauthenticated");
  }
  return id === founder ? { ...actor, role: "owner" } : actor;
}

/** The same of anybody, suspended or not; undefined for nobody. */
export async function findSomebody(
  { db }: WriteTransaction,
  id: string,
): Promise<Acting | undefined> {
  const row = await db
    .selectFrom("people")
    .select([...personColumns, "email", "bound", "origin"])
    .where("id", "=", id)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    person: asPerson(row),
    me: asMe(row),
    role: row.role,
    bound: row.bound === 1,
    origin: row.origin,
  };
}

/** Throws `forbidden` for who may not. */
export function demandInPlace(actor: Actor, right: PlaceRight): void {
  if (!mayInPlace(actor, right)) throw new ParleyError("forbidden");
}
