import { ParleyError, type Me } from "@parley/protocol";
import { noteAct } from "./acts.ts";
import { demandInPlace, findActor } from "./actors.ts";
import { endSessionsOf } from "./end-session.ts";
import { demandAbove, findSubject } from "./find-subject.ts";
import { holdPeople } from "./hold-people.ts";
import { demandOtherOwner } from "./owners.ts";
import { tellChange } from "./tell-change.ts";
import type { WriteTransaction } from "./transaction.ts";

/**
 * Suspends somebody or restores them: while suspended they neither sign in nor
 * say anything, on no device and through no link that was made for them. Their
 * name and what they said stay.
 */
export async function suspendPerson(
  transaction: WriteTransaction,
  { by, person, suspended }: { by: string; person: string; suspended: boolean },
): Promise<Me> {
  const { db, now } = transaction;
  await holdPeople(transaction, [person]);
  const actor = await findActor(transaction, by);
  demandInPlace(actor, "person.suspend");
  const subject = await findSubject(transaction, person);
  // Nobody locks themselves out, not even where owners stand above owners.
  if (person === by) throw new ParleyError("forbidden");
  demandAbove(actor, subject);
  if ((subject.person.suspended ?? false) === suspended) return subject.me;
  if (suspended && subject.role === "owner") {
    await demandOtherOwner(transaction, person);
  }
  await db
    .updateTable("people")
    .set({ suspended_at: suspended ? now : null })
    .where("id", "=", person)
    .execute();
  await noteAct(transaction, actor.person, {
    act: suspended ? "person.suspended" : "person.restored",
    person,
  });
  if (suspended) {
    await endSessionsOf(transaction, subject);
    await db.deleteFrom("links").where("person", "=", person).execute();
  }
  return tellChange(transaction, person, actor.person);
}
