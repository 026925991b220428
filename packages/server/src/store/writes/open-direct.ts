import { ParleyError, type CommandResult, type Person } from "@parley/protocol";
import { demandInPlace, findActor, type Acting } from "./actors.ts";
import { arrange } from "./arrange-room.ts";
import { findInvited } from "./invite-to-room.ts";
import { findEarlierCommand } from "./earlier-command.ts";
import { enterRoom, expectSignedIn } from "./membership.ts";
import { findMember, headOf, uniqueName } from "./rooms.ts";
import { appendEvent, type WriteTransaction } from "./transaction.ts";

export interface DirectToOpen {
  /** The id for the stream, should the room be new. */
  stream: string;
  by: string;
  cid: string;
  /** The others; oneself among them makes no difference. */
  people: readonly string[];
}

/** The direct room of these people: the one there is, or a new one. */
export async function openDirect(
  transaction: WriteTransaction,
  { stream, by, cid, people }: DirectToOpen,
): Promise<CommandResult<"direct.open">> {
  const ids = [...new Set([by, ...people])].sort();
  const directKey = ids.join(" ");
  const earlier = await findEarlierCommand(transaction, {
    by,
    cid,
    type: "room.created",
    isSame: ({ kind }) => kind === "direct",
  });
  const known = await findDirect(transaction, directKey);
  if (earlier) {
    if (earlier.stream !== known?.stream) throw new ParleyError("cid_conflict");
    return { cid, ...earlier, repeated: true };
  }
  const actor = await findActor(transaction, by);
  demandInPlace(actor, "direct.open");
  // A conversation has two people at least.
  if (ids.length < 2) throw new ParleyError("invalid_value");
  if (known !== undefined) return reopen(transaction, actor, { cid, ...known });

  await expectSignedIn(transaction, actor.person);
  const all: Person[] = [];
  for (const id of ids) {
    const found = id === by ? actor : await findInvited(transaction, id);
    // They see their room and the people in it, and nothing else.
    if (found.bound) throw new ParleyError("forbidden");
    all.push(found.person);
  }
  await demandUnblocked(transaction, by, ids);
  const seq = await create(transaction, actor.person, {
    ...{ stream, cid, directKey, all },
  });
  if (seq !== undefined) return { cid, stream, seq };
  // Made at this very moment through another node.
  const made = await findDirect(transaction, directKey);
  if (made === undefined) throw new Error("a direct room is not there");
  return reopen(transaction, actor, { cid, ...made });
}

function findDirect(
  { db }: WriteTransaction,
  directKey: string,
): Promise<{ stream: string } | undefined> {
  return db
    .selectFrom("rooms")
    .select("stream")
    .where("direct_key", "=", directKey)
    .executeTakeFirst();
}

/** It is there: in sight again, if it was put out of it. */
async function reopen(
  transaction: WriteTransaction,
  actor: Acting,
  { stream, cid }: { stream: string; cid: string },
): Promise<CommandResult<"direct.open">> {
  const member = await findMember(transaction, stream, actor.person.id);
  if (member === undefined) throw new ParleyError("not_found");
  if (member.hidden > 0) {
    const shown = {
      favourite: member.favourite === 1,
      muted: member.muted === 1,
    };
    await arrange(transaction, actor, { stream, ...shown, hidden: 0 });
  }
  return {
    cid,
    stream,
    seq: await headOf(transaction, stream),
    repeated: true,
  };
}

async function demandUnblocked(
  { db }: WriteTransaction,
  by: string,
  ids: readonly string[],
): Promise<void> {
  const blocking = await db
    .selectFrom("blocks")
    .select("person")
    .where("person", "in", ids)
    .where("blocked", "=", by)
    .executeTakeFirst();
  if (blocking !== undefined) throw new ParleyError("blocked");
}

/** Undefined when another node has just made it. */
async function create(
  transaction: WriteTransaction,
  by: Person,
  {
    stream,
    cid,
    directKey,
    all,
  }: { stream: string; cid: string; directKey: string; all: Person[] },
): Promise<number | undefined> {
  const { db, now } = transaction;
  const room = { stream, name: "", kind: "direct", topic: "" } as const;
  await db
    .insertInto("streams")
    .values({ id: stream, head: 0, last_at: 0 })
    .execute();
  const made = await db
    .insertInto("rooms")
    .values({
      ...room,
      name_key: "",
      unique_name: uniqueName("direct", room),
      topic_key: "",
      created_by: by.id,
      created_at: now,
      read_only: 0,
      is_default: 0,
      direct_key: directKey,
    })
    .onConflict((conflict) => conflict.column("direct_key").doNothing())
    .returning("stream")
    .executeTakeFirst();
  if (made === undefined) return undefined;
  const { head: first } = await appendEvent(transaction, {
    stream,
    type: "room.created",
    by: by.id,
    author: by.name,
    cid,
    data: { name: "", kind: "direct", topic: "" },
  });
  for (const person of all) {
    await enterRoom(transaction, {
      room,
      person,
      by,
      others: all.filter(({ id }) => id !== person.id),
      // Nobody is bothered with a conversation in which nothing was said yet:
      // not before there is more than that all of them came.
      hidden: person.id === by.id ? 0 : first + all.length,
    });
  }
  return first;
}
