// bun bench/presence.ts [--people 5000] [--rooms 50] [--each 50] [--watch 0,1,20] [--unpinned]
// Everybody comes at once, a tenth of them goes away for a while, and all are
// cut off: what does it cost that people want to know who is here?
import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { canPin } from "./cores.ts";
import { megabytes, short } from "./figures.ts";
import { dataFolder, spawnParley } from "./peers/parley.ts";
import { Watcher } from "./presence/watcher.ts";
import { readRssBytes } from "./rss.ts";
import { storeWorld, type StoredWorld } from "./storm/stored-world.ts";
import { columns, markdownTable } from "./table.ts";

const { values } = parseArgs({
  options: {
    people: { type: "string", default: "5000" },
    rooms: { type: "string", default: "50" },
    each: { type: "string", default: "50" },
    watch: { type: "string", default: "0,1,20" },
    unpinned: { type: "boolean", default: false },
  },
});

const people = Number(values.people);
const rooms = Number(values.rooms);
const each = Number(values.each);
const isPinned = canPin && !values.unpinned;

/** People who come at a time. */
const atOnce = 100;
/** Until everybody has been told of everybody: large rooms are counted every five seconds. */
const settlingMs = 8_000;
/** Linux counts a process' time in these. */
const ticksPerSecond = 100;

const headings = [
  "rooms that each watches",
  "all here after s",
  "CPU s",
  "RSS MB",
  "signals/person",
  "bytes/person",
  "a tenth goes away: CPU s",
  "signals/person",
  "oracle",
];

/** User and system time of all its threads. */
async function cpuSeconds(pid: number): Promise<number> {
  const stat = await Bun.file(`/proc/${pid}/stat`).text();
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

async function comeAll(
  crowd: readonly Watcher[],
  world: StoredWorld,
): Promise<void> {
  const coming = crowd.entries();
  const comeSome = async (): Promise<void> => {
    for (const [index, one] of coming) {
      const own = world.members[index]?.rooms ?? [];
      await one.come(own.map((room) => world.heads[room] ?? 0));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, comeSome));
}

/** How many are in each room, where that is the same for all. */
function roomSize(world: StoredWorld): number {
  const sizes = new Map<number, number>();
  for (const { rooms: own } of world.members) {
    for (const room of own) sizes.set(room, (sizes.get(room) ?? 0) + 1);
  }
  const all = new Set(sizes.values());
  if (all.size !== 1) throw new Error("the rooms have to be of one size");
  return all.values().next().value ?? 0;
}

function sum(crowd: readonly Watcher[], of: (one: Watcher) => number): number {
  return crowd.reduce((all, one) => all + of(one), 0);
}

async function measure(
  data: string,
  world: StoredWorld,
  watch: number,
): Promise<string[]> {
  await using server = await spawnParley({ data, isPinned });
  const { pid, port } = server;
  const crowd = world.members.map(
    ({ cookie, rooms: own }) =>
      new Watcher(
        {
          ...{ port, epoch: world.epoch, cookie },
          streams: own.map((room) => world.rooms[room] ?? ""),
        },
        watch,
      ),
  );
  const before = await cpuSeconds(pid);
  const startedAt = performance.now();
  await comeAll(crowd, world);
  const seconds = (performance.now() - startedAt) / 1_000;
  await Bun.sleep(settlingMs);
  const cpu = (await cpuSeconds(pid)) - before;
  const rss = await readRssBytes(pid);
  const signals = sum(crowd, (one) => one.signals);
  const bytes = sum(crowd, (one) => one.bytes);
  const size = roomSize(world);
  const right = sum(crowd, (one) => one.knows(size));
  for (const one of crowd.slice(0, people / 10)) one.say({ state: "away" });
  await Bun.sleep(settlingMs);
  const cpuOfAway = (await cpuSeconds(pid)) - before - cpu;
  const signalsOfAway = sum(crowd, (one) => one.signals) - signals;
  for (const one of crowd) one.leave();
  const wanted = people * watch;
  return [
    short(watch),
    ...[short(seconds), short(cpu), megabytes(rss)],
    ...[short(signals / people), short(bytes / people)],
    ...[short(cpuOfAway), short(signalsOfAway / people)],
    right === wanted
      ? "all know who is here"
      : `VOID: ${wanted - right} of ${wanted} do not`,
  ];
}

const data = await dataFolder();
try {
  const world = await storeWorld(data, {
    ...{ people, rooms, roomsEach: each, messages: 0 },
  });
  const rows: string[][] = [];
  for (const watch of values.watch.split(",").map(Number)) {
    console.error(`${people} people, each watches ${watch} rooms`);
    rows.push(await measure(data, world, watch));
  }
  console.log(`## ${people} people in ${each} of ${rooms} rooms each, of ${roomSize(world)} people; all come at once, later a tenth says it is away

${markdownTable(columns(headings, 0, headings.length - 1), rows)}`);
} finally {
  await rm(data, { recursive: true, force: true });
}
