// bun bench/recovery.ts [--messages 1000000] [--rooms 200] [--people 200]
//   [--times 5] [--secs 2] [--unpinned]
// A server with a million stored messages is killed under load and started
// again: how long from the start of the process until the first client that
// was cut off is live.
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { newCid } from "../packages/server/src/identifiers.ts";
import { canPin } from "./cores.ts";
import { megabytes, median, short } from "./figures.ts";
import { dataFolder, spawnParley } from "./peers/parley.ts";
import { freePort } from "./peers/server-process.ts";
import { Comer } from "./storm/comer.ts";
import { storeWorld, type StoredWorld } from "./storm/stored-world.ts";
import { columns, markdownTable } from "./table.ts";

const { values } = parseArgs({
  options: {
    messages: { type: "string", default: "1000000" },
    rooms: { type: "string", default: "200" },
    people: { type: "string", default: "200" },
    times: { type: "string", default: "5" },
    secs: { type: "string", default: "2" },
    unpinned: { type: "boolean", default: false },
  },
});

const rooms = Number(values.rooms);
const people = Number(values.people);
const isPinned = canPin && !values.unpinned;

/** Messages per second while it is killed. */
const postsPerSecond = 400;
/** Somebody who was cut off tries to come back so often. */
const tryMs = 5;
const backMsMax = 20_000;

interface Recovery {
  acceptsMs: number;
  liveMs: number;
  walBytes: number;
  faults: string[];
}

function comers(world: StoredWorld, port: number): Comer[] {
  return world.members.map(
    (member) =>
      new Comer(
        {
          ...{ port, epoch: world.epoch, cookie: member.cookie },
          streams: member.rooms.map((room) => world.rooms[room] ?? ""),
        },
        member.rooms.map((room) => world.heads[room] ?? 0),
        // It is the server that is measured, not the waits between attempts.
        () => tryMs,
      ),
  );
}

/** Keeps what everybody has got for those who come to the next server. */
function keepHeads(world: StoredWorld, crowd: readonly Comer[]): void {
  for (const [index, { cursors }] of crowd.entries()) {
    for (const [n, room] of (world.members[index]?.rooms ?? []).entries()) {
      world.heads[room] = Math.max(world.heads[room] ?? 0, cursors[n] ?? 0);
    }
  }
}

async function recover(world: StoredWorld, data: string): Promise<Recovery> {
  const port = await freePort();
  const first = await spawnParley({ data, port, isPinned });
  const crowd = comers(world, port);
  await Promise.all(crowd.map((one) => one.come()));
  let turn = 0;
  const posting = setInterval(() => {
    for (let n = 0; n < postsPerSecond / 100; n += 1) {
      turn += 1;
      crowd[turn % people]?.post(turn % 5, newCid(Date.now()));
    }
  }, 10);
  await Bun.sleep(Number(values.secs) * 1_000);
  process.kill(first.pid, "SIGKILL");
  await first[Symbol.asyncDispose]();
  const { size: walBytes } = await stat(join(data, "parley.db-wal"));
  const startedAt = performance.now();
  const starting = spawnParley({ data, port, isPinned });
  const isBack = ({ liveAt = 0 }: Comer) => liveAt > startedAt;
  while (!crowd.some(isBack) && performance.now() - startedAt < backMsMax) {
    await Bun.sleep(1);
  }
  const server = await starting;
  const acceptsMs = performance.now() - startedAt;
  const times = crowd.filter(isBack).map(({ liveAt = Infinity }) => liveAt);
  const liveMs = Math.min(Infinity, ...times) - startedAt;
  while (!crowd.every(isBack) && performance.now() - startedAt < backMsMax) {
    await Bun.sleep(10);
  }
  clearInterval(posting);
  await Bun.sleep(200);
  keepHeads(world, crowd);
  for (const one of crowd) one.leave();
  await server[Symbol.asyncDispose]();
  const faults = crowd.flatMap((one) => one.faults);
  return { acceptsMs, liveMs, walBytes, faults };
}

const data = await dataFolder();
try {
  console.error(`storing ${values.messages} messages`);
  const perRoom = Math.ceil(Number(values.messages) / rooms);
  const size = { people, rooms, roomsEach: 20, messages: perRoom };
  const world = await storeWorld(data, size);
  const { size: fileBytes } = await stat(join(data, "parley.db"));
  const runs: Recovery[] = [];
  while (runs.length < Number(values.times)) {
    runs.push(await recover(world, data));
    console.error(`${short(runs.at(-1)?.liveMs ?? 0)} ms`);
  }
  const faults = runs.flatMap((run) => run.faults);
  const line = (what: string, figures: number[]): string[] => [
    ...[what, short(median(figures)), short(Math.max(...figures))],
  ];
  const headings = ["from the start of the process", "median ms", "worst ms"];
  console.log(`## Killed with -9 at ${postsPerSecond} messages/s, ${short(rooms * perRoom)} messages stored (${megabytes(fileBytes)} MB, and a WAL of ${megabytes(median(runs.map(({ walBytes }) => walBytes)))} MB), ${runs.length} times

${markdownTable(columns(headings, 1), [
  line(
    "until the first who was cut off is live",
    runs.map(({ liveMs }) => liveMs),
  ),
  line(
    "until /healthz has answered (asked every 20 ms)",
    runs.map(({ acceptsMs }) => acceptsMs),
  ),
])}

oracle: ${faults.length === 0 ? `all ${people} whole, ${runs.length} times` : `VOID: ${faults.length}, such as ${faults[0]}`}`);
} finally {
  await rm(data, { recursive: true, force: true });
}
