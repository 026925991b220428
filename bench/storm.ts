// bun bench/storm.ts [--people 5000] [--rooms 250] [--each 20] [--moved 50]
//   [--missed 0,10,500] [--down 0] [--unpinned]
// Everybody is cut off at once by kill -9: how long until all are live again,
// what it takes of the memory, and what the store is asked.
import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { newCid } from "../packages/server/src/identifiers.ts";
import { canPin } from "./cores.ts";
import { megabytes, short } from "./figures.ts";
import { dataFolder } from "./peers/parley.ts";
import { freePort } from "./peers/server-process.ts";
import { readPeakRssBytes, readRssBytes } from "./rss.ts";
import { Comer } from "./storm/comer.ts";
import { startCounted, type CountedServer } from "./storm/counted-server.ts";
import { storeWorld, type StoredWorld } from "./storm/stored-world.ts";
import { columns, markdownTable } from "./table.ts";

const { values } = parseArgs({
  options: {
    people: { type: "string", default: "5000" },
    rooms: { type: "string", default: "250" },
    each: { type: "string", default: "20" },
    moved: { type: "string", default: "50" },
    missed: { type: "string", default: "0,10,500" },
    down: { type: "string", default: "0" },
    unpinned: { type: "boolean", default: false },
  },
});

const people = Number(values.people);
/** Rooms in which everybody has missed something; the first ones. */
const moved = Number(values.moved);
const downMs = Number(values.down) * 1_000;
const isPinned = canPin && !values.unpinned;

/** At the beginning they come in this many at a time. */
const atOnce = 100;
/** Messages per second, in rooms that did not move otherwise. */
const postsPerSecond = 20;
/** Until the memory is what it is from day to day. */
const restMs = 4_000;
/** Longer than anybody waits between two attempts. */
const backMsMax = 60_000;

const headings = [
  "missed in each room that moved",
  "50 % live s",
  "95 %",
  "100 %",
  "accepts after s",
  "attempts/client",
  "RSS before MB",
  "peak after MB",
  "ratio",
  "event reads/stream that moved",
  "statements/1,000 clients",
  "replayed",
  "resets",
  "oracle",
];

async function until(isSo: () => boolean, msMax: number): Promise<boolean> {
  const end = performance.now() + msMax;
  while (!isSo() && performance.now() < end) await Bun.sleep(20);
  return isSo();
}

/** Somebody says something in a room that nobody has missed anything of. */
function startPosting(crowd: readonly Comer[], world: StoredWorld) {
  let turn = 0;
  return setInterval(() => {
    const member = world.members[(turn * 37) % crowd.length];
    const index = member?.rooms.findIndex((room) => room >= moved) ?? -1;
    crowd[(turn * 37) % crowd.length]?.post(index, newCid(Date.now()));
    turn += 1;
  }, 1_000 / postsPerSecond);
}

async function enterAll(crowd: readonly Comer[]): Promise<void> {
  let next = 0;
  const enterSome = async (): Promise<void> => {
    for (let one = crowd[next++]; one !== undefined; one = crowd[next++]) {
      await one.come();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, enterSome));
}

/** What everybody has last, by room; more than one number is a fault. */
function lastNumbers(crowd: readonly Comer[], world: StoredWorld) {
  const last = new Map<number, Set<number>>();
  for (const [index, { cursors }] of crowd.entries()) {
    for (const [n, room] of (world.members[index]?.rooms ?? []).entries()) {
      const known = last.get(room) ?? new Set();
      last.set(room, known.add(cursors[n] ?? 0));
    }
  }
  return last;
}

function oracle(crowd: readonly Comer[], world: StoredWorld): string {
  const faults = crowd.flatMap((one) => one.faults);
  if (faults.length > 0) return `VOID: ${faults.length}, such as ${faults[0]}`;
  const apart = [...lastNumbers(crowd, world)].filter(
    ([, seqs]) => seqs.size > 1,
  );
  if (apart.length > 0) return `VOID: ${apart.length} rooms end differently`;
  return `all ${crowd.length} whole and equal`;
}

/** Which share of the crowd was live how many seconds after the start. */
function secondsUntil(
  crowd: readonly Comer[],
  share: number,
  startedAt: number,
): number {
  const times = crowd.map(({ liveAt = Infinity }) => liveAt - startedAt);
  times.sort((one, other) => one - other);
  return (times[Math.ceil(times.length * share) - 1] ?? Infinity) / 1_000;
}

async function statements(server: CountedServer): Promise<string> {
  const parts = Object.entries(await server.questions()).map(
    ([kind, asked]) =>
      `${kind} ${short(((asked?.statements ?? 0) / people) * 1_000)}`,
  );
  return parts.join(", ");
}

async function measure(
  world: StoredWorld,
  data: string,
  missed: number,
): Promise<string[]> {
  const port = await freePort();
  const options = { data, port, isPinned };
  const first = await startCounted(options);
  const crowd = world.members.map(
    ({ cookie, rooms }) =>
      new Comer(
        {
          ...{ port, epoch: world.epoch, cookie },
          streams: rooms.map((room) => world.rooms[room] ?? ""),
        },
        rooms.map((room) => world.heads[room] ?? 0),
      ),
  );
  let posting: ReturnType<typeof setInterval> | undefined;
  let server = first;
  try {
    await enterAll(crowd);
    posting = startPosting(crowd, world);
    await Bun.sleep(restMs);
    const steady = await readRssBytes(first.pid);
    await first.kill();
    for (const [index, one] of crowd.entries()) {
      one.attempts = one.replayed = 0;
      for (const [n, room] of (world.members[index]?.rooms ?? []).entries()) {
        if (room < moved) one.cursors[n] = (one.cursors[n] ?? 0) - missed;
      }
    }
    await Bun.sleep(downMs);
    server = await startCounted(options);
    const acceptsAt = performance.now();
    const isBack = (one: Comer) => (one.liveAt ?? 0) > server.startedAt;
    await until(() => crowd.every(isBack), backMsMax);
    clearInterval(posting);
    const peak = await readPeakRssBytes(server.pid);
    await Bun.sleep(1_000);
    const { events } = await server.questions();
    const { startedAt } = server;
    const live = (share: number) =>
      short(secondsUntil(crowd, share, startedAt));
    const sum = (of: (one: Comer) => number) =>
      crowd.reduce((all, one) => all + of(one), 0);
    const streams = missed === 0 ? 0 : moved;
    return [
      short(missed),
      ...[live(0.5), live(0.95), live(1)],
      short((acceptsAt - startedAt) / 1_000),
      short(sum(({ attempts }) => attempts) / people),
      ...[megabytes(steady), megabytes(peak), short(peak / steady)],
      streams === 0
        ? `${events?.asked ?? 0} in all`
        : short((events?.asked ?? 0) / streams),
      await statements(server),
      short(sum(({ replayed }) => replayed)),
      short(sum(({ resets }) => resets)),
      oracle(crowd, world),
    ];
  } finally {
    clearInterval(posting);
    for (const one of crowd) one.leave();
    await server[Symbol.asyncDispose]();
  }
}

const rows: string[][] = [];
for (const missed of values.missed.split(",").map(Number)) {
  console.error(`${people} people, ${missed} missed`);
  const data = await dataFolder();
  try {
    const world = await storeWorld(data, {
      people,
      rooms: Number(values.rooms),
      roomsEach: Number(values.each),
      messages: 600,
    });
    rows.push(await measure(world, data, missed));
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}
console.log(`## ${people} people in ${values.each} of ${values.rooms} rooms each, cut off by kill -9 and restarted at once (seconds from the start of the new process)

${markdownTable(columns(headings, 0, headings.length - 1), rows)}`);
