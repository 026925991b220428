import { mayGrant, ParleyError, type Me, type Rank } from "@parley/protocol";
import { noteAct } from "./acts.ts";
import { demandInPlace, findActor } from "./actors.ts";
import { findSubject } from "./find-subject.ts";
import { holdPeople } from "./hold-people.ts";
import { demandOtherOwner } from "./owners.ts";
import { tellChange } from "./tell-change.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Makes somebody with an account something else here (T39). */
export async function setRole(
  transaction: WriteTransaction,
  { by, person, role }: { by: string; person: string; role: Rank | "member" },
): Promise<Me> {
  await holdPeople(transaction, [person]);
  const actor = await findActor(transaction, by);
  demandInPlace(actor, "person.role");
  const subject = await findSubject(transaction, person);
  if (!mayGrant(actor.role, subject.role, role)) {
    throw new ParleyError("forbidden");
  }
  if (subject.role === role) return subject.me;
  if (subject.role === "owner") await demandOtherOwner(transaction, person);
  const { db } = transaction;
  await db
    .updateTable("people")
    .set({ role })
    .where("id", "=", person)
    .execute();
  // Somebody who stands below them by now may hold such a link.
  await db.deleteFrom("links").where("person", "=", person).execute();
  await noteAct(transaction, actor.person, {
    act: "person.role",
    person,
    detail: { role },
  });
  return tellChange(transaction, person, actor.person);
}
