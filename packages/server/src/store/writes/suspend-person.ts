import { ParleyError, type Me } from "@parley/protocol";
import { noteAct } from "./acts.ts";
import { demandInPlace, findActor } from "./actors.ts";
import { endSessionsOf } from "./end-session.ts";
import { demandAbove, findSubject } from "./find-subject.ts";
import { holdPeople } from "./hold-people.ts";
import { demandOtherOwner } from "./owners.ts";
import { takeOut } from "./take-out.ts";
import { tellChange } from "./tell-change.ts";
import type { WriteTransaction } from "./transaction.ts";

/**
 * Suspends somebody or restores them: while suspended they neither sign in nor
 * say anything, on no device and through no link that was made for them. Their
 * name and what they said stay; a guest leaves their rooms.
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
  // A guest of the simple wire has no session but a lease: it goes on, or who
  // is refused there would at once come in again as somebody new.
  const isOfPage = subject.origin === "page";
  if (suspended) {
    if (isOfPage) await endSessionsOf(transaction, subject);
    await db.deleteFrom("links").where("person", "=", person).execute();
  }
  const me = await tellChange(transaction, person, actor.person);
  // A guest has no way back, restored or not: without a session they would
  // stand among the people of their rooms for ever.
  const isGone = suspended && isOfPage && subject.role === "guest";
  if (isGone) await takeOut(transaction, [person]);
  return me;
}
