import {
  mayInPlace,
  ParleyError,
  type CommandResult,
  type EventData,
  type RoomRight,
} from "@parley/protocol";
import { noteAct } from "./acts.ts";
import { findActor, type Acting } from "./actors.ts";
import { findEarlierCommand } from "./earlier-command.ts";
import type { RoomChange } from "./join-room.ts";
import {
  findRoom,
  findVisibleRoom,
  headOf,
  isAllowedIn,
  nameKey,
  uniqueName,
  type RoomRow,
  type Standing,
} from "./rooms.ts";
import { appendEvent, type WriteTransaction } from "./transaction.ts";

export type Changes = EventData<"room.changed">;

const rightFor: Record<keyof Changes, RoomRight> = {
  name: "room.change",
  topic: "room.change",
  readOnly: "room.change",
  kind: "room.widen",
  archived: "room.archive",
};

/** Changes what is given of a room, each by its right. */
export async function changeRoom(
  transaction: WriteTransaction,
  { stream, by, cid, changes }: RoomChange & { changes: Changes },
): Promise<CommandResult<"room.change">> {
  const earlier = await findEarlierCommand(transaction, {
    by,
    cid,
    type: "room.changed",
    stream,
    // The event holds what was new of it only.
    isSame: (data) =>
      Object.entries(data).every(
        ([key, value]) => changes[key as keyof Changes] === value,
      ),
  });
  if (earlier) return { cid, ...earlier, repeated: true };
  const actor = await findActor(transaction, by);
  const standing = await findChangeable(transaction, actor, stream, changes);
  const { room } = standing;
  for (const key of Object.keys(changes) as (keyof Changes)[]) {
    const isRegistrar = key === "archived" && mayInPlace(actor, "place.rooms");
    const isAllowed =
      isAllowedIn(actor, rightFor[key], standing) ||
      (isRegistrar && (room.kind === "public" || room.kind === "private"));
    if (!isAllowed) throw new ParleyError("forbidden");
  }

  const news = newsIn(room, changes);
  if (Object.keys(news).length === 0) {
    const seq = await headOf(transaction, stream);
    return { cid, stream, seq, repeated: true };
  }
  if (room.archived_at !== null && news.archived !== false) {
    throw new ParleyError("archived");
  }
  await store(transaction, room, news);
  const { head: seq } = await appendEvent(transaction, {
    stream,
    type: "room.changed",
    by,
    author: actor.person.name,
    cid,
    data: news,
  });
  await noteAct(transaction, actor.person, {
    act:
      news.archived === undefined
        ? "room.changed"
        : news.archived
          ? "room.archived"
          : "room.restored",
    room: stream,
    // A private room's name is nobody's business who is not in it.
    ...(news.kind === undefined ? {} : { detail: { kind: news.kind } }),
  });
  return { cid, stream, seq };
}

/** Administrators may archive what they list without being in it. */
async function findChangeable(
  transaction: WriteTransaction,
  actor: Acting,
  stream: string,
  changes: Changes,
): Promise<Standing> {
  const keys = Object.keys(changes);
  const isArchiving = keys.length === 1 && keys[0] === "archived";
  if (!isArchiving || !mayInPlace(actor, "place.rooms")) {
    return findVisibleRoom(transaction, actor, stream);
  }
  const room = await findRoom(transaction, stream);
  if (room.kind === "direct") {
    return findVisibleRoom(transaction, actor, stream);
  }
  return { room, member: undefined };
}

/** Of what is asked, what is not so already. */
function newsIn(room: RoomRow, changes: Changes): Changes {
  const now: Required<Changes> = {
    name: room.name,
    topic: room.topic,
    readOnly: room.read_only === 1,
    kind: room.kind === "private" ? "private" : "public",
    archived: room.archived_at !== null,
  };
  const news = Object.entries(changes).filter(
    ([key, value]) => value !== now[key as keyof Changes],
  );
  return Object.fromEntries(news);
}

async function store(
  { db, now }: WriteTransaction,
  room: RoomRow,
  { name, topic, readOnly, kind, archived }: Changes,
): Promise<void> {
  const unique = uniqueName(kind ?? room.kind, {
    name: name ?? room.name,
    stream: room.stream,
  });
  const taken = await db
    .selectFrom("rooms")
    .select("stream")
    .where("unique_name", "=", unique)
    .where("stream", "<>", room.stream)
    .executeTakeFirst();
  if (taken !== undefined) throw new ParleyError("name_taken");
  await db
    .updateTable("rooms")
    .set({
      unique_name: unique,
      ...(name === undefined ? {} : { name, name_key: nameKey(name) }),
      ...(topic === undefined ? {} : { topic, topic_key: nameKey(topic) }),
      ...(readOnly === undefined ? {} : { read_only: readOnly ? 1 : 0 }),
      ...(kind === undefined ? {} : { kind }),
      ...(archived === undefined ? {} : { archived_at: archived ? now : null }),
    })
    .where("stream", "=", room.stream)
    .execute();
}
