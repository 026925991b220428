import { ParleyError, type CommandResult } from "@parley/protocol";
import { inboxOf } from "../stream-keys.ts";
import { demandInPlace, findActor } from "./actors.ts";
import { findSubject } from "./find-subject.ts";
import { appendEvent, type WriteTransaction } from "./transaction.ts";

/** Takes no direct messages from somebody any more, or takes them again. */
export async function blockPerson(
  transaction: WriteTransaction,
  {
    by,
    person: other,
    blocked,
  }: { by: string; person: string; blocked: boolean },
): Promise<CommandResult<"person.block">> {
  const { db } = transaction;
  const actor = await findActor(transaction, by);
  const { person } = actor;
  // Who has no direct rooms has nobody to block, and would only learn by it
  // who is here.
  demandInPlace(actor, "direct.open");
  if (other === by) throw new ParleyError("invalid_value");
  await findSubject(transaction, other);
  const row = { person: by, blocked: other };
  const changed = blocked
    ? await db
        .insertInto("blocks")
        .values(row)
        .onConflict((conflict) => conflict.doNothing())
        .returning("person")
        .executeTakeFirst()
    : await db
        .deleteFrom("blocks")
        .where("person", "=", by)
        .where("blocked", "=", other)
        .returning("person")
        .executeTakeFirst();
  if (changed !== undefined) {
    await appendEvent(transaction, {
      stream: inboxOf(by),
      type: "person.blocked",
      by,
      author: person.name,
      data: { person: other, blocked },
    });
  }
  return { person: other, blocked };
}
