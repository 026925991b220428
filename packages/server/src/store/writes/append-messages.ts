import { ParleyError, type CommandResult } from "@parley/protocol";
import { sql } from "kysely";
import { overRows } from "../prepared.ts";
import { takeNumbers, type WriteTransaction } from "./transaction.ts";

export interface MessageToAppend {
  stream: string;
  by: string;
  cid: string;
  text: string;
}

export type AppendedMessage = CommandResult<"message.post">;

const findAuthors = overRows<{ stream: string; person: string; name: string }>(
  ["text", "text"],
  (rows) => sql`
    with asked (stream, person) as (${rows})
    select members.stream, members.person, people.name
    from asked
    join members on members.stream = asked.stream and members.person = asked.person
    join people on people.id = members.person`,
);

interface EarlierEvent {
  by: string;
  cid: string;
  type: string;
  stream: string;
  seq: number;
  at: number;
  text: string | null;
}

const findByCid = overRows<EarlierEvent>(
  ["text", "text"],
  (rows) => sql`
    with asked (author, cid) as (${rows})
    select events.by, events.cid, events.type, events.stream, events.seq,
      events.at, messages.text
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
 * statements however many posts there are. Answers in the order of the posts;
 * a post that may not be stored gets its ParleyError and disturbs no other.
 */
export async function appendMessages(
  transaction: WriteTransaction,
  posts: readonly MessageToAppend[],
): Promise<(AppendedMessage | ParleyError)[]> {
  const { connection } = transaction;
  const authors = new Map<string, string>();
  const asked = new Map(
    posts.map(({ stream, by }) => [`${stream} ${by}`, [stream, by]]),
  );
  for (const row of await findAuthors(connection, [...asked.values()])) {
    authors.set(`${row.stream} ${row.person}`, row.name);
  }

  const earlier = new Map<string, EarlierEvent>();
  for (const row of await findByCid(
    connection,
    posts.map(({ by, cid }) => [by, cid]),
  )) {
    earlier.set(`${row.by} ${row.cid}`, row);
  }

  // First what is new, per stream and in order, so that numbers follow arrival.
  const fresh = new Map<string, MessageToAppend[]>();
  const first = new Map<string, MessageToAppend>();
  for (const post of posts) {
    const key = `${post.by} ${post.cid}`;
    const isMember = authors.has(`${post.stream} ${post.by}`);
    if (!isMember || earlier.has(key) || first.has(key)) continue;
    first.set(key, post);
    const ofStream = fresh.get(post.stream);
    if (ofStream) ofStream.push(post);
    else fresh.set(post.stream, [post]);
  }

  const stored = new Map<MessageToAppend, AppendedMessage>();
  const eventRows: unknown[][] = [];
  const messageRows: unknown[][] = [];
  for (const [stream, messages] of fresh) {
    const { head, at } = await takeNumbers(
      transaction,
      stream,
      messages.length,
    );
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
  await insertEvents(connection, eventRows);
  await insertMessages(connection, messageRows);

  return posts.map((post) => {
    // Who is not a member learns nothing, not even that they once posted here.
    if (!authors.has(`${post.stream} ${post.by}`)) {
      return new ParleyError("not_found");
    }
    const own = stored.get(post);
    if (own) return own;
    const key = `${post.by} ${post.cid}`;
    const known = earlier.get(key) ?? sameCommit(first.get(key), stored);
    return known && isSame(known, post)
      ? repeated(known)
      : new ParleyError("cid_conflict");
  });
}

/** The same cid twice within one commit: from two tabs in one millisecond, say. */
function sameCommit(
  post: MessageToAppend | undefined,
  stored: ReadonlyMap<MessageToAppend, AppendedMessage>,
): EarlierEvent | undefined {
  const answer = post && stored.get(post);
  if (!answer) return undefined;
  return { ...answer, by: post.by, type: "message.posted", text: post.text };
}

function isSame(known: EarlierEvent, post: MessageToAppend): boolean {
  return (
    known.type === "message.posted" &&
    known.stream === post.stream &&
    known.text === post.text
  );
}

function repeated({ cid, stream, seq, at }: EarlierEvent): AppendedMessage {
  return { cid, stream, seq, at, repeated: true };
}
