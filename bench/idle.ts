// bun bench/idle.ts [--people 10000] [--different 1] [--hold 10] [--unpinned]
// Many people who say nothing: what letting them in costs, and keeping them.
import { parseArgs } from "node:util";
import { canPin } from "./cores.ts";
import { kilobytes, megabytes, short } from "./figures.ts";
import { faults, requireLoad, type LoadReport } from "./load.ts";
import { measure } from "./measure.ts";
import { bunPublish } from "./peers/bun-publish.ts";
import { parley } from "./peers/parley.ts";
import type { Peer } from "./peers/peer.ts";
import { columns, markdownTable } from "./table.ts";

const { values } = parseArgs({
  options: {
    people: { type: "string", default: "10000" },
    different: { type: "string" },
    hold: { type: "string", default: "10" },
    unpinned: { type: "boolean", default: false },
  },
});

const start = {
  people: Number(values.people),
  different: Number(values.different ?? values.people),
  isPinned: canPin && !values.unpinned,
};

/** Until the server has forgotten those who have left all at once. */
const leavingMs = 3_000;

const headings = [
  "server",
  "everybody comes",
  "connections/s",
  "CPU µs/connection",
  "RSS before MB",
  "RSS after MB",
  "RSS KB/connection",
  "idle CPU µs/s/connection",
  "oracle",
];

function line(peer: Peer, occasion: string, report: LoadReport): string[] {
  const { connections, connect, idle, rssBytes, oracle } = report;
  const found = faults(oracle);
  return [
    peer.title,
    occasion,
    short(connections / connect.seconds),
    short(connect.cpuUsPerConnection),
    megabytes(rssBytes.before),
    megabytes(rssBytes.after),
    // The second time they come into memory that the first time has left.
    idle === null ? "–" : kilobytes(idle.rssBytesPerConnection),
    short(idle?.cpuUsPerConnectionSecond ?? Number.NaN),
    found.length === 0 ? "all stayed" : `VOID: ${found.join(", ")}`,
  ];
}

async function lines(peer: Peer): Promise<string[][]> {
  const outcome = await measure(peer, start, async (run) => {
    const first = await run(["--settle", "2", "--hold", values.hold]);
    await Bun.sleep(leavingMs);
    return { first, second: await run(["--settle", "2"]) };
  });
  if (outcome.status !== "measured") {
    return [[peer.title, ...headings.slice(2).map(() => "–"), outcome.reason]];
  }
  return [
    line(peer, "to a server just started", outcome.report.first),
    line(peer, "and again", outcome.report.second),
  ];
}

await requireLoad();
const rows: string[][] = [];
for (const peer of [parley, bunPublish]) {
  console.error(`${start.people} idle connections: ${peer.title}`);
  rows.push(...(await lines(peer)));
}
const of = start.different === 1 ? "one person" : `${start.different} people`;
console.log(`## ${start.people} connections of ${of}, made as fast as they come, then idle

${markdownTable(columns(headings, 2, headings.length - 1), rows)}`);
