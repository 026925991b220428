import { ParleyError } from "@parley/protocol";
import type { WriteTransaction } from "./transaction.ts";

/** Whether anybody owns the place: then nobody becomes its owner by a link. */
export async function hasOwner({
  db,
}: Pick<WriteTransaction, "db">): Promise<boolean> {
  const owner = await db
    .selectFrom("people")
    .select("id")
    .where("role", "=", "owner")
    .limit(1)
    .executeTakeFirst();
  return owner !== undefined;
}

/**
 * Throws `last_owner` when nobody would be left who can do everything. Asked
 * with the place's log held, so that two owners cannot leave in one moment.
 */
export async function demandOtherOwner(
  { db }: WriteTransaction,
  besides: string,
): Promise<void> {
  const other = await db
    .selectFrom("people")
    .select("id")
    .where("role", "=", "owner")
    .where("suspended_at", "is", null)
    .where("id", "<>", besides)
    .limit(1)
    .executeTakeFirst();
  if (other === undefined) throw new ParleyError("last_owner");
}
