// bun bench/fanout.ts [--secs 5] [--warm 3] [--rounds 3] [--only parley,go]
//   [--clients 200] [--unpinned]
// One room, every server in turn: how much it delivers when pushed, and what a
// delivery costs when it is not.
import { parseArgs } from "node:util";
import { canPin } from "./cores.ts";
import { requireLoad } from "./load.ts";
import { measureRounds, type Row } from "./rounds.ts";
import { bunPublish } from "./peers/bun-publish.ts";
import { parley, parleySimple } from "./peers/parley.ts";
import type { Peer } from "./peers/peer.ts";
import { socketIo } from "./peers/socket-io.ts";
import { tutorial } from "./peers/tutorial.ts";
import { ws } from "./peers/ws.ts";
import { costTable, throughputTable } from "./fanout-tables.ts";

const peers: readonly Peer[] = [
  parley,
  parleySimple,
  tutorial,
  ws,
  socketIo,
  bunPublish,
];

const { values } = parseArgs({
  options: {
    secs: { type: "string", default: "5" },
    warm: { type: "string", default: "3" },
    rounds: { type: "string", default: "1" },
    only: { type: "string", default: "" },
    clients: { type: "string", default: "200" },
    unpinned: { type: "boolean", default: false },
  },
});

const people = Number(values.clients);
const isPinned = canPin && !values.unpinned;
const chosen = values.only
  .split(",")
  .map((name) => name.trim())
  .filter((name) => name !== "");
const unknown = chosen.find(
  (name) => !peers.some((peer) => peer.name === name),
);
if (unknown !== undefined) {
  console.error(
    `--only does not know "${unknown}". It knows ${peers.map(({ name }) => name).join(", ")}.`,
  );
  process.exit(1);
}

function run(title: string, loadOptions: readonly string[]): Promise<Row[]> {
  return measureRounds({
    title,
    peers: peers.filter(
      ({ name }) => chosen.length === 0 || chosen.includes(name),
    ),
    rounds: Number(values.rounds),
    start: { people, isPinned },
    loadOptions: [
      ...["--publishers", "50", "--size", "64"],
      ...["--warm", values.warm, "--seconds", values.secs],
      ...loadOptions,
    ],
  });
}

await requireLoad();
const pushed = await run("closed loop", ["--window", "4"]);
const steady = await run("open loop", ["--rate", "300"]);

console.log(`
## Closed loop: ${people} clients in one room, 50 publishers × 4 in flight, 64-byte messages

${throughputTable(pushed)}

## Open loop: 300 messages/s to ${people} clients, timed from the intended moment

${costTable(steady)}

${isPinned ? "The server had one core for itself, the generator another." : "The server could use all cores."} Medians of ${values.rounds} × ${values.secs} s${Number(values.rounds) > 1 ? ", lowest and highest beside them" : ""}.`);
