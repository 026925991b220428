import { noteAct } from "./acts.ts";
import { demandInPlace, findActor } from "./actors.ts";
import { endSessionsOf } from "./end-session.ts";
import { demandAbove, findSubject } from "./find-subject.ts";
import { holdPeople } from "./hold-people.ts";
import { takeOut } from "./take-out.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Ends somebody's sessions everywhere; of one's own all but the one that asks. */
export async function signOutPerson(
  transaction: WriteTransaction,
  {
    by,
    person,
    session,
  }: {
    by: string;
    person: string;
    /** The hash of the session that asks. */
    session?: string | undefined;
  },
): Promise<{ ended: number }> {
  await holdPeople(transaction, [person]);
  const actor = await findActor(transaction, by);
  demandInPlace(actor, "person.sessions");
  const subject = await findSubject(transaction, person);
  if (person !== by) demandAbove(actor, subject);
  const { length: ended } = await endSessionsOf(transaction, subject, {
    except: person === by ? session : undefined,
  });
  if (ended === 0) return { ended };
  await noteAct(transaction, actor.person, {
    act: "person.signed-out",
    person,
    detail: { ended },
  });
  // A guest has no way back.
  if (subject.role === "guest") await takeOut(transaction, [person]);
  return { ended };
}
