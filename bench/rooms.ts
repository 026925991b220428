// bun bench/rooms.ts [--rooms 500] [--direct 50] [--messages 20] [--times 5] [--unpinned]
// Somebody in very many rooms opens the page: how long until they have their
// list, and until they are level with all of them?
import { Database } from "bun:sqlite";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readFrame } from "../packages/protocol/src/index.ts";
import { newPersonId, newRoomId } from "../packages/server/src/identifiers.ts";
import { canPin } from "./cores.ts";
import { kilobytes, median, short } from "./figures.ts";
import { dataFolder, spawnParley } from "./peers/parley.ts";
import { storeWorld, type StoredWorld } from "./storm/stored-world.ts";
import { columns, markdownTable } from "./table.ts";

const { values } = parseArgs({
  options: {
    rooms: { type: "string", default: "500" },
    direct: { type: "string", default: "50" },
    messages: { type: "string", default: "20" },
    times: { type: "string", default: "5" },
    unpinned: { type: "boolean", default: false },
  },
});

const direct = Number(values.direct);
const shared = Number(values.rooms) - direct;
const isPinned = canPin && !values.unpinned;

interface Listed {
  epoch: string;
  inbox: number;
  rooms: { stream: string; head: number }[];
}

/** One question, and what came of it. */
interface Asked {
  ms: number;
  frames: number[];
}

/** Conversations with somebody each, in which nothing was said yet. */
function addDirect(data: string, cookie: string): void {
  using database = new Database(join(data, "parley.db"), { strict: true });
  const person = database
    .query<{ person: string }, []>("select person from sessions limit 1")
    .get()?.person;
  if (person === undefined) throw new Error(`nobody has ${cookie}`);
  const add = database.transaction(() => {
    for (let n = 0; n < direct; n += 1) {
      const [other, stream] = [newPersonId(), newRoomId()];
      database.run(
        "insert into people (id, name, role, email, origin, created_at) values (?, ?, 'member', '', 'page', 1)",
        [other, `Somebody ${n}`],
      );
      database.run("insert into streams values (?, 3, 1)", [stream]);
      database.run(
        "insert into rooms (stream, name, unique_name, kind, topic, topic_key, created_at, direct_key) values (?, '', ?, 'direct', '', '', 1, ?)",
        [stream, stream, `${person} ${other}`],
      );
      for (const one of [person, other]) {
        database.run(
          "insert into members (stream, person, since, read) values (?, ?, 2, 3)",
          [stream, one],
        );
      }
    }
  });
  add();
  database.run("PRAGMA wal_checkpoint(TRUNCATE)");
}

async function list(origin: string, cookie: string) {
  const since = performance.now();
  const answer = await fetch(`${origin}/api/rooms`, { headers: { cookie } });
  const text = await answer.text();
  const ms = performance.now() - since;
  return {
    asked: { ms, frames: [text.length] },
    listed: JSON.parse(text) as Listed,
  };
}

/** From an open socket's hello until it is ready. */
async function hello(
  origin: string,
  cookie: string,
  { epoch, cursors }: { epoch: string; cursors: object },
): Promise<Asked> {
  // A page sends its cookie by itself; outside one it is a header of Bun's own.
  const options = { headers: { cookie, origin }, protocols: ["parley.v1"] };
  const ws = new WebSocket(
    `${origin.replace("http", "ws")}/ws`,
    options as unknown as string[],
  );
  const opened = Promise.withResolvers<undefined>();
  const ready = Promise.withResolvers<undefined>();
  const frames: number[] = [];
  ws.addEventListener("open", () => {
    opened.resolve(undefined);
  });
  ws.addEventListener("message", ({ data }) => {
    frames.push(Buffer.byteLength(String(data)));
    if (readFrame(String(data)).some(({ type }) => type === "ready")) {
      ready.resolve(undefined);
    }
  });
  await opened.promise;
  const since = performance.now();
  ws.send(JSON.stringify({ type: "hello", id: 1, epoch, cursors }));
  await ready.promise;
  const ms = performance.now() - since;
  ws.close();
  return { ms, frames };
}

const questions = [
  "GET /api/rooms, to a server just started",
  "… and again",
  "hello from the heads, to a server just started",
  "… and again",
  "hello from nothing, a page of each room",
] as const;

/** All of them, in that order, of a new process. */
async function round(data: string, { members }: StoredWorld): Promise<Asked[]> {
  const cookie = members[0]?.cookie ?? "";
  await using server = await spawnParley({ data, isPinned });
  const origin = `http://127.0.0.1:${server.port}`;
  // So that it is the question that is measured, not the first one ever.
  await fetch(`${origin}/api/me`, { headers: { cookie } });
  const first = await list(origin, cookie);
  const { epoch, inbox, rooms } = first.listed;
  const heads = rooms.map(({ stream, head }) => [stream, head] as const);
  const cursors = { inbox, ...Object.fromEntries(heads) };
  const fresh = rooms.map(({ stream }) => [stream, null] as const);
  const { asked } = await list(origin, cookie);
  return [
    ...[first.asked, asked],
    await hello(origin, cookie, { epoch, cursors }),
    await hello(origin, cookie, { epoch, cursors }),
    await hello(origin, cookie, { epoch, cursors: Object.fromEntries(fresh) }),
  ];
}

const data = await dataFolder();
try {
  const world = await storeWorld(data, {
    ...{ people: 1, rooms: shared, roomsEach: shared },
    messages: Number(values.messages),
  });
  addDirect(data, world.members[0]?.cookie ?? "");
  const rounds: Asked[][] = [];
  while (rounds.length < Number(values.times)) {
    rounds.push(await round(data, world));
  }
  const rows = questions.map((question, index) => {
    const asked = rounds.flatMap((one) => one[index] ?? []);
    const ms = asked.map((one) => one.ms);
    const frames = asked[0]?.frames ?? [];
    return [
      ...[question, short(median(ms)), short(Math.max(...ms))],
      ...[String(frames.length), kilobytes(Math.max(...frames))],
    ];
  });
  console.log(`## Somebody in ${values.rooms} rooms, ${direct} of them direct, ${values.messages} messages in each other, ${values.times} times

${markdownTable(
  columns(["question", "median ms", "worst ms", "frames", "largest KB"], 1),
  rows,
)}`);
} finally {
  await rm(data, { recursive: true, force: true });
}
