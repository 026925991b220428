import { claimNames } from "./claimed-names.ts";
import { freeEmailKey } from "./email-key.ts";
import type { WriteTransaction } from "./transaction.ts";

/** How an account's person is called, and how they sign in. */
export interface AccountNames {
  name: string;
  username: string;
  email: string;
}

/** Gives a person the names of an account. Called before any room is held. */
export async function makeAccount(
  transaction: WriteTransaction,
  person: string,
  { name, username, email }: AccountNames,
): Promise<void> {
  await claimNames(transaction, person, { name, username });
  const email_key = await freeEmailKey(transaction, person, email);
  await transaction.db
    .updateTable("people")
    .set({ name, username, email, email_key })
    .where("id", "=", person)
    .execute();
}
