import { ask } from "../cluster/ask.ts";
import { joinPerson } from "../peers/parley-people.ts";
import type { BalancedNode } from "./balanced-env.ts";
import { Chatter } from "./chatter.ts";
import { check, type Violations } from "./check.ts";
import { RunRecord } from "./run-record.ts";
import type { StoredEvent } from "./stored-log.ts";

/** Where people talk. */
export interface Place {
  nodes: readonly BalancedNode[];
  readLog: () => StoredEvent[] | Promise<StoredEvent[]>;
}

export interface Conversation {
  people: number;
  rooms: number;
  postsPerSecond: number;
}

/** What the clients of a run have seen, and whether it is what we promise. */
export interface Outcome {
  record: RunRecord;
  violations: Violations;
  /** Screens that began anew after more was missed than is replayed. */
  resets: number;
  /** False when somebody was not live, or waited for an answer, at the end. */
  isSettled: boolean;
}

/** The longest back-off of the SDK is 20 s. */
const settleMsMax = 45_000;
const pollMs = 20;

/**
 * Lets people talk with the shipped client, a third of them on each of three
 * nodes, while `happen` does something to the servers; then waits until all is
 * quiet and compares what everybody saw with the log.
 */
export async function converse(
  { nodes, readLog }: Place,
  conversation: Conversation,
  happen: (record: RunRecord) => Promise<void>,
): Promise<Outcome> {
  const record = new RunRecord();
  const { chatters, streams } = await gather(nodes, conversation, record);
  try {
    await until(() => chatters.every((chatter) => chatter.isLive()));
    const talking = new AbortController();
    const talk = postSteadily(
      chatters,
      streams,
      conversation.postsPerSecond,
      talking.signal,
    );
    await happen(record);
    talking.abort();
    await talk;
    const isQuiet = await until(() =>
      chatters.every((chatter) => chatter.isLive() && chatter.isSettled()),
    );
    const ours = new Set(streams);
    const log = (await readLog()).filter(({ stream }) => ours.has(stream));
    const heads = new Map(log.map(({ stream, seq }) => [stream, seq]));
    await until(() =>
      chatters.every((chatter) =>
        streams.every(
          (stream) => chatter.head(stream) >= (heads.get(stream) ?? 0),
        ),
      ),
    );
    const screens = chatters.flatMap((chatter, index) =>
      streams.map((stream) => ({
        ...{ name: `client ${index}`, stream },
        slices: chatter.screens.get(stream) ?? [],
        last: chatter.shown(stream),
      })),
    );
    return {
      record,
      violations: check(record, screens, log),
      resets: screens.reduce(
        (sum, { slices }) => sum + Math.max(0, slices.length - 1),
        0,
      ),
      isSettled: isQuiet,
    };
  } finally {
    for (const chatter of chatters) chatter.close();
  }
}

/** Lets everybody into as many rooms as were asked for, over all nodes. */
async function gather(
  nodes: readonly BalancedNode[],
  { people, rooms }: Conversation,
  record: RunRecord,
): Promise<{ chatters: Chatter[]; streams: string[] }> {
  const portOf = (person: number) => nodes[person % nodes.length]?.port ?? 0;
  const joined = await Promise.all(
    Array.from({ length: people }, (_, person) =>
      joinPerson(`http://127.0.0.1:${portOf(person)}`, person),
    ),
  );
  const cookieOf = (person: number) => joined[person % people]?.cookie ?? "";
  const command = (type: string) => ({ type, cid: Bun.randomUUIDv7() });
  const streams = await Promise.all(
    Array.from({ length: rooms }, async (_, room) => {
      const name = `Room ${room} ${Bun.randomUUIDv7()}`;
      const create = { ...command("room.create"), name };
      const maker = room % people;
      const answer = await ask(portOf(maker), cookieOf(maker), create);
      return String(answer["stream"]);
    }),
  );
  await Promise.all(
    joined.map(async ({ cookie }, person) => {
      for (const stream of streams) {
        const enter = { ...command("room.join"), stream };
        await ask(portOf(person), cookie, enter);
      }
    }),
  );
  const chatters = joined.map(
    (who, person) => new Chatter(person, who, nodes, record),
  );
  for (const [person, { chat }] of chatters.entries()) {
    chat.open(streams[person % rooms] ?? "");
  }
  return { chatters, streams };
}

/** Posts at fixed moments, whatever becomes of the posts before. */
async function postSteadily(
  chatters: readonly Chatter[],
  streams: readonly string[],
  perSecond: number,
  signal: AbortSignal,
): Promise<void> {
  const start = performance.now();
  for (let count = 0; ; count += 1) {
    const due = start + (count * 1_000) / perSecond;
    const wait = due - performance.now();
    if (wait > 0) await Bun.sleep(wait);
    if (signal.aborted) return;
    // Everybody in every room in turn, also where the numbers have a divisor
    // in common.
    const round = Math.floor(count / chatters.length);
    const room = (count + round) % streams.length;
    chatters[count % chatters.length]?.post(streams[room] ?? "", due);
  }
}

/** Whether it came to hold in time. */
async function until(holds: () => boolean): Promise<boolean> {
  const deadline = performance.now() + settleMsMax;
  while (!holds()) {
    if (performance.now() > deadline) return false;
    await Bun.sleep(pollMs);
  }
  return true;
}
