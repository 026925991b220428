import { ParleyError, type Me } from "@parley/protocol";
import { findSomebody } from "./actors.ts";
import { admit } from "./admission.ts";
import { enterFirstRooms } from "./enter-rooms.ts";
import { insertPerson } from "./insert-person.ts";
import { makeAccount, type AccountNames } from "./make-account.ts";
import { insertSession, type NewSession } from "./insert-session.ts";
import { storeCredential } from "./store-credential.ts";
import type { WriteTransaction } from "./transaction.ts";

export interface AccountToAdd extends AccountNames {
  id: string;
  /** The hash of their password. */
  secret: string;
  lobby: string;
  session: NewSession;
  /** The hash of the invitation's token that they came with. */
  invitation: string;
  /** As of a guest (add-guest.ts). */
  rooms: readonly string[];
}

/** Somebody new with an account of their own, as their invitation says. */
export async function addAccount(
  transaction: WriteTransaction,
  account: AccountToAdd,
): Promise<Me> {
  const { id, name, email, secret, lobby, session, invitation } = account;
  const known = await findSomebody(transaction, id);
  if (known !== undefined) return known.me;
  const admission = await admit(transaction, { email, invitation });
  const { role, bound } = admission;
  // It lets in a guest, who would choose a password for nothing.
  if (role === "guest") throw new ParleyError("invalid_value");
  await insertPerson(transaction, {
    ...{ id, name, email, role, bound },
    origin: "page",
  });
  await makeAccount(transaction, id, account);
  await storeCredential(transaction, { person: id, secret });
  await insertSession(transaction, id, { session, isConfirmed: true });
  const added = await findSomebody(transaction, id);
  if (added === undefined) throw new Error("who was added is gone");
  await enterFirstRooms(transaction, added.person, {
    ...{ lobby, defaults: account.rooms },
    ...{ invited: admission.rooms, by: admission.by },
  });
  return added.me;
}
