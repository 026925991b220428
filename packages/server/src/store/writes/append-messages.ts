import {
  ParleyError,
  type CommandResult,
  type ErrorCode,
} from "@parley/protocol";
import { sql } from "kysely";
import { findAuthors, objectionTo } from "../authors.ts";
import { overRows } from "../prepared.ts";
import { takeNumbers, type WriteTransaction } from "./transaction.ts";

export interface MessageToAppend {
  stream: string;
  by: string;
  cid: string;
  text: string;
}

export type AppendedMessage = CommandResult<"message.post">;

export interface Appended {
  /** In the order of the posts; a post that may not be stored has its error. */
  answers: (AppendedMessage | ParleyError)[];
  /** The rows: the transaction may only end well if this does. */
  written: Promise<unknown>;
}

interface EarlierEvent {
  by: string;
  cid: string;
  type: string;
  stream: string;
  seq: number;
  at: number;
  text: string | null;
  /** It was deleted since, and its text with it. */
  deleted: number | null;
}

const findByCid = overRows<EarlierEvent>(
  ["text", "text"],
  (rows) => sql`
    with asked (author, cid) as (${rows})
    select events.by, events.cid, events.type, events.stream, events.seq,
      events.at, messages.text, messages.deleted
    from asked
    join events on events.by = asked.author and events.cid = asked.cid
    left join messages
      on messages.stream = events.stream and messages.seq = events.seq`,
);

const insertEvents = overRows(
  ["text", "integer", "text", "integer", "text", "text"],
  (rows) => sql`insert into events (stream, seq, type, at, by, cid) ${rows}`,
);

const insertMessages = overRows(
  ["text", "integer", "text", "text"],
  (rows) => sql`insert into messages (stream, seq, by, text) ${rows}`,
);

/**
 * All posts of one commit together: whether their authors are members, whether
 * their cids are known, their numbers and their rows take a handful of
 * statements however many posts there are. A post that may not be stored gets
 * its ParleyError and disturbs no other.
 */
export async function appendMessages(
  transaction: WriteTransaction,
  posts: readonly MessageToAppend[],
): Promise<Appended> {
  const { connection } = transaction;
  const authors = new Map<string, string>();
  const objections = new Map<string, ErrorCode>();
  const asked = new Map(
    posts.map(({ stream, by }) => [`${stream} ${by}`, [stream, by]]),
  );
  const cids = posts.map(({ by, cid }) => [by, cid]);
  const [authorRows, earlierRows] = await Promise.all([
    findAuthors(connection, [...asked.values()]),
    findByCid(connection, cids),
  ]);
  for (const author of authorRows) {
    const key = `${author.stream} ${author.person}`;
    const objection = objectionTo(author);
    if (objection === undefined) authors.set(key, author.name);
    else objections.set(key, objection);
  }
  const earlier = new Map<string, EarlierEvent>();
  for (const row of earlierRows) earlier.set(`${row.by} ${row.cid}`, row);

  // First what is new, per stream and in order, so that numbers follow arrival.
  const fresh = new Map<string, MessageToAppend[]>();
  const first = new Map<string, MessageToAppend>();
  for (const post of posts) {
    const key = `${post.by} ${post.cid}`;
    const mayPost = authors.has(`${post.stream} ${post.by}`);
    if (!mayPost || earlier.has(key) || first.has(key)) continue;
    first.set(key, post);
    const ofStream = fresh.get(post.stream);
    if (ofStream) ofStream.push(post);
    else fresh.set(post.stream, [post]);
  }

  const stored = new Map<MessageToAppend, AppendedMessage>();
  const eventRows: unknown[][] = [];
  const messageRows: unknown[][] = [];
  const counts = new Map(
    [...fresh].map(([stream, messages]) => [stream, messages.length]),
  );
  const taken = await takeNumbers(transaction, counts);
  for (const [stream, messages] of fresh) {
    const numbers = taken.get(stream);
    if (numbers === undefined) throw new Error(`no stream ${stream}`);
    const { head, at } = numbers;
    let seq = head - messages.length;
    for (const message of messages) {
      seq += 1;
      const { by, cid, text } = message;
      eventRows.push([stream, seq, "message.posted", at, by, cid]);
      messageRows.push([stream, seq, by, text]);
      stored.set(message, { cid, stream, seq, at });
      transaction.events.push({
        stream,
        event: { type: "message.posted", stream, seq, at, by, cid, text },
        author: authors.get(`${stream} ${by}`) ?? "",
      });
    }
  }
  const written = Promise.all([
    insertEvents(connection, eventRows),
    insertMessages(connection, messageRows),
  ]);

  const answers = posts.map((post) => {
    const key = `${post.by} ${post.cid}`;
    const before = earlier.get(key);
    // Who may not speak learns nothing but what they said themselves: they may
    // have left before they heard that it was stored, and a refusal would make
    // them say it again (D-4).
    const author = `${post.stream} ${post.by}`;
    if (!authors.has(author)) {
      return before && isSame(before, post)
        ? repeated(before)
        : new ParleyError(objections.get(author) ?? "not_found");
    }
    const own = stored.get(post);
    if (own) return own;
    const known = before ?? sameCommit(first.get(key), stored);
    return known && isSame(known, post)
      ? repeated(known)
      : new ParleyError("cid_conflict");
  });
  return { answers, written };
}

/** The same cid twice within one commit: from two tabs in one millisecond, say. */
function sameCommit(
  post: MessageToAppend | undefined,
  stored: ReadonlyMap<MessageToAppend, AppendedMessage>,
): EarlierEvent | undefined {
  const answer = post && stored.get(post);
  if (!answer) return undefined;
  const { by, text } = post;
  return { ...answer, by, type: "message.posted", text, deleted: 0 };
}

function isSame(known: EarlierEvent, post: MessageToAppend): boolean {
  return (
    known.type === "message.posted" &&
    known.stream === post.stream &&
    (known.text === post.text || known.deleted === 1)
  );
}

function repeated({ cid, stream, seq, at }: EarlierEvent): AppendedMessage {
  return { cid, stream, seq, at, repeated: true };
}
