import { ParleyError, type Me } from "@parley/protocol";
import { findActor } from "./actors.ts";
import { admit } from "./admission.ts";
import { endSessionsOf } from "./end-session.ts";
import { holdPeople } from "./hold-people.ts";
import { insertSession, type NewSession } from "./insert-session.ts";
import { makeAccount, type AccountNames } from "./make-account.ts";
import { findSecret, storeCredential } from "./store-credential.ts";
import { tellChange } from "./tell-change.ts";
import type { WriteTransaction } from "./transaction.ts";

export interface AccountToClaim extends AccountNames {
  person: string;
  /** The hash of their password. */
  secret: string;
  session: NewSession;
}

/**
 * Makes a guest a member: the same person, with all that they said, and a way
 * back. Their sessions from before, which anybody may have planted, end (T3).
 */
export async function claimAccount(
  transaction: WriteTransaction,
  { person, secret, session, ...names }: AccountToClaim,
): Promise<Me> {
  await holdPeople(transaction, [person]);
  const actor = await findActor(transaction, person);
  if (actor.role !== "guest") {
    // The answer of its commit was lost, and it is done again.
    const isRepeated = (await findSecret(transaction, person)) === secret;
    if (isRepeated) return actor.me;
    throw new ParleyError("already_member");
  }
  // A guest of the simple wire has no session, so nobody asks for them.
  if (actor.origin !== "page") throw new ParleyError("forbidden");
  // They were let into some rooms only, by somebody who may let them in further.
  if (actor.bound) throw new ParleyError("invitation_needed");
  await admit(transaction, { email: names.email });
  await makeAccount(transaction, person, names);
  await transaction.db
    .updateTable("people")
    .set({ role: "member" })
    .where("id", "=", person)
    .execute();
  await storeCredential(transaction, { person, secret });
  await endSessionsOf(transaction, actor);
  await insertSession(transaction, person, { session, isConfirmed: true });
  return tellChange(transaction, person);
}
