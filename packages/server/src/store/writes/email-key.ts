import { folded } from "../../names/folded.ts";
import type { WriteTransaction } from "./transaction.ts";

/**
 * What an address signs somebody in by: null when it signs in somebody else
 * already. Addresses prove nothing, so several accounts may have one; but
 * whoever writes another's into their profile must not take their sign-in from
 * them. Asked with the place's log held, so that of two at once one is first.
 */
export async function freeEmailKey(
  { db }: WriteTransaction,
  person: string,
  email: string,
): Promise<string | null> {
  const key = folded(email);
  const other = await db
    .selectFrom("people")
    .select("id")
    .where("email_key", "=", key)
    .where("id", "<>", person)
    .limit(1)
    .executeTakeFirst();
  return other === undefined ? key : null;
}
