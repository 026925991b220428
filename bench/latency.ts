// bun bench/latency.ts [--secs 5] [--rounds 1] [--unpinned]
// One person says one thing at a time: how long until their own `ok`, with the
// commit on disk.
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { canPin } from "./cores.ts";
import { median, milliseconds, withSpread } from "./figures.ts";
import { dataFolder, parley } from "./peers/parley.ts";
import { measured, measureRounds, verdict } from "./rounds.ts";
import { requireLoad } from "./load.ts";
import { columns, markdownTable } from "./table.ts";

const { values } = parseArgs({
  options: {
    secs: { type: "string", default: "5" },
    rounds: { type: "string", default: "1" },
    unpinned: { type: "boolean", default: false },
  },
});

async function line(people: number): Promise<string[]> {
  const [row] = await measureRounds({
    title: `one publisher among ${people}`,
    peers: [parley],
    rounds: Number(values.rounds),
    start: { people, isPinned: canPin && !values.unpinned },
    loadOptions: [
      ...["--publishers", "1", "--window", "1", "--pace", "answer"],
      ...["--size", "64", "--warm", "1", "--seconds", values.secs],
    ],
  });
  if (row === undefined) throw new Error("Nothing was measured.");
  const answers = measured(row).flatMap(
    ({ traffic }) => traffic.answered ?? [],
  );
  return [
    `send → own ok, ${people} in the room`,
    withSpread(
      answers.map(({ p50Us }) => p50Us),
      milliseconds,
    ),
    withSpread(
      answers.map(({ p99Us }) => p99Us),
      milliseconds,
    ),
    withSpread(
      answers.map(({ p999Us }) => p999Us),
      milliseconds,
    ),
    withSpread(
      answers.map(({ maxUs }) => maxUs),
      milliseconds,
    ),
    verdict(row),
  ];
}

/** What the disk takes for one sync: nothing durable can be faster. */
async function syncLine(): Promise<string[]> {
  const folder = await dataFolder();
  const file = openSync(join(folder, "sync"), "w");
  const page = Buffer.alloc(4_096, 1);
  const us = Array.from({ length: 500 }, () => {
    const start = performance.now();
    writeSync(file, page);
    fdatasyncSync(file);
    return (performance.now() - start) * 1_000;
  }).toSorted((a, b) => a - b);
  closeSync(file);
  rmSync(folder, { recursive: true });
  const at = (quantile: number) => us[Math.floor(us.length * quantile)] ?? 0;
  return [
    "a bare 4 KiB write and fdatasync",
    milliseconds(median(us)),
    milliseconds(at(0.99)),
    "–",
    milliseconds(us.at(-1) ?? 0),
    "",
  ];
}

await requireLoad();
console.log(
  markdownTable(
    columns(["what", "p50 ms", "p99 ms", "p99.9 ms", "max ms", "oracle"], 1, 5),
    [await line(1), await line(200), await syncLine()],
  ),
);
