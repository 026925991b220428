import { ParleyError, type CommandResult } from "@parley/protocol";
import { countUnread } from "../reads/unread.ts";
import { inboxOf } from "../stream-keys.ts";
import { findActor } from "./actors.ts";
import { findMember, headOf } from "./rooms.ts";
import { appendEvent, type WriteTransaction } from "./transaction.ts";

export interface MarkToSet {
  stream: string;
  person: string;
  upTo: number;
}

/**
 * Moves a person's read mark up; the highest ever wins (U-2). Told to their
 * other devices with the exact count at that moment.
 */
export async function markRead(
  transaction: WriteTransaction,
  { stream, person, upTo }: MarkToSet,
): Promise<CommandResult<"read.mark">> {
  const { db } = transaction;
  const member = await findMember(transaction, stream, person);
  if (!member) throw new ParleyError("not_found");
  const head = await headOf(transaction, stream);
  if (upTo > head) throw new ParleyError("invalid_seq");
  if (upTo <= member.read) return { stream, read: member.read };

  // Nobody else moves this mark meanwhile, nor takes this person out: who does
  // either tells it in their inbox, which this transaction holds.
  await db
    .updateTable("members")
    .set({ read: upTo })
    .where("stream", "=", stream)
    .where("person", "=", person)
    .execute();
  const unread = await countUnread(db, {
    ...{ stream, person, above: upTo },
    upTo: head,
  });
  const { name } = (await findActor(transaction, person)).person;
  await appendEvent(transaction, {
    stream: inboxOf(person),
    type: "read.marked",
    by: person,
    author: name,
    data: { room: stream, upTo, unread, head },
  });
  return { stream, read: upTo };
}
