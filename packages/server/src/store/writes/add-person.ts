import { mayGrant, ParleyError, type Me, type Rank } from "@parley/protocol";
import { noteAct } from "./acts.ts";
import { demandInPlace, findActor, findSomebody } from "./actors.ts";
import { enterFirstRooms } from "./enter-rooms.ts";
import { insertPerson } from "./insert-person.ts";
import { storeResetLink, type LinkToMake } from "./links.ts";
import { makeAccount, type AccountNames } from "./make-account.ts";
import type { WriteTransaction } from "./transaction.ts";

export interface PersonToAdd extends AccountNames {
  id: string;
  by: string;
  role: Rank | "member";
  lobby: string;
  rooms: readonly string[];
  /** With which they choose their password. */
  link: LinkToMake;
}

/** Somebody new by the hand of an administrator, whatever the door says. */
export async function addPerson(
  transaction: WriteTransaction,
  { id, by, role, lobby, rooms, link, ...names }: PersonToAdd,
): Promise<{ me: Me; expiresAt: number }> {
  const known = await findSomebody(transaction, id);
  if (known !== undefined) {
    // The answer of its commit was lost, and it is done again.
    return { me: known.me, expiresAt: transaction.now + link.forMs };
  }
  const actor = await findActor(transaction, by);
  demandInPlace(actor, "person.role");
  if (!mayGrant(actor.role, "member", role)) throw new ParleyError("forbidden");
  await insertPerson(transaction, {
    ...{ id, role, name: names.name, email: names.email },
    ...{ bound: false, origin: "page" },
  });
  await makeAccount(transaction, id, names);
  const { expiresAt } = await storeResetLink(transaction, id, link);
  const added = await findSomebody(transaction, id);
  if (added === undefined) throw new Error("who was added is gone");
  await noteAct(transaction, actor.person, {
    act: "person.added",
    person: id,
    detail: { role },
  });
  await enterFirstRooms(transaction, added.person, {
    ...{ lobby, defaults: rooms },
  });
  return { me: added.me, expiresAt };
}
