import type { Role } from "@parley/protocol";
import type { Schema } from "../schema.ts";
import { inboxOf } from "../stream-keys.ts";
import type { WriteTransaction } from "./transaction.ts";

export interface PersonToInsert {
  id: string;
  name: string;
  role: Role;
  email: string;
  bound: boolean;
  origin: Schema["people"]["origin"];
}

/**
 * Somebody new, with an inbox when they come by the page. False when they are
 * there already: a commit whose answer was lost is repeated.
 */
export async function insertPerson(
  { db, now }: WriteTransaction,
  { id, name, role, email, bound, origin }: PersonToInsert,
): Promise<boolean> {
  const added = await db
    .insertInto("people")
    .values({
      ...{ id, name, role, email, origin, created_at: now },
      bound: bound ? 1 : 0,
      preferences: "{}",
    })
    .onConflict((conflict) => conflict.column("id").doNothing())
    .returning("id")
    .executeTakeFirst();
  if (added === undefined) return false;
  if (origin === "page") {
    await db
      .insertInto("streams")
      .values({ id: inboxOf(id), head: 0, last_at: 0 })
      .execute();
  }
  return true;
}
