import type { Connection } from "../connection.ts";
import type { MessagePage, PageRequest } from "../store.ts";
import { heads } from "./events.ts";

/**
 * A page of messages, ascending: the newest below `before`, or the oldest above
 * `after`, or the newest of all. `from` and `to` say which numbers it covers
 * completely, so that a client can join pages without a hole.
 */
export async function messages(
  connection: Connection,
  stream: string,
  { before, after, limit }: PageRequest,
): Promise<MessagePage> {
  // The head first: what is stored between the two reads is then above `to`
  // and comes live, instead of being taken for covered (position, then data).
  const head = (await heads(connection, [stream])).get(stream) ?? 0;
  const above = after ?? 0;
  const upTo = Math.min(head, before === undefined ? head : before - 1);
  const isForward = after !== undefined;

  const rows = await connection.db
    .selectFrom("messages")
    .innerJoin("events", (join) =>
      join
        .onRef("events.stream", "=", "messages.stream")
        .onRef("events.seq", "=", "messages.seq"),
    )
    .select([
      "messages.seq",
      "events.at",
      "messages.by",
      "events.cid",
      "messages.text",
      "messages.deleted",
    ])
    .where("messages.stream", "=", stream)
    .where("messages.seq", ">", above)
    .where("messages.seq", "<=", upTo)
    .orderBy("messages.seq", isForward ? "asc" : "desc")
    .limit(limit)
    .execute();
  if (!isForward) rows.reverse();

  const isFull = rows.length === limit;
  const first = rows[0]?.seq ?? above + 1;
  const last = rows.at(-1)?.seq ?? upTo;
  return {
    messages: rows.map(({ deleted, ...row }) => ({
      ...row,
      cid: row.cid ?? "",
      ...(deleted === 1 ? { deleted: true } : {}),
    })),
    from: !isForward && isFull ? first : above + 1,
    to: isForward && isFull ? last : Math.max(upTo, above),
    head,
  };
}
