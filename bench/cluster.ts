// bun bench/cluster.ts [--secs 5] [--warm 3] [--rounds 1] [--nodes 3]
//   [--only hot,rooms,latency,deliveries] [--window N]
// Several nodes over PostgreSQL and NATS, all on this machine: how much they
// store, how soon one node's post is seen on another, and what a delivery costs
// beside one node alone.
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { mkdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import { measureNodes, nodesOf, type Nodes } from "./cluster/measure-nodes.ts";
import { questions } from "./cluster/questions.ts";
import { startCluster, startNode } from "./cluster/start-cluster.ts";
import {
  deliveryTable,
  questionTable,
  type DeliveryLine,
} from "./cluster/tables.ts";
import { requireLoad } from "./load.ts";

const { values } = parseArgs({
  options: {
    secs: { type: "string", default: "5" },
    warm: { type: "string", default: "3" },
    rounds: { type: "string", default: "1" },
    nodes: { type: "string", default: "3" },
    only: { type: "string", default: "" },
    window: { type: "string", default: "" },
  },
});

const names = [...questions.map(({ name }) => name), "deliveries"];
const chosen = values.only === "" ? names : values.only.split(",");
const unknown = chosen.find((name) => !names.includes(name));
if (unknown !== undefined) {
  console.error(
    `--only does not know "${unknown}". It knows ${names.join(", ")}.`,
  );
  process.exit(1);
}

const nodeCount = Number(values.nodes);
const times = ["--warm", values.warm, "--seconds", values.secs];
/** How many messages each has in flight, where another number is asked for. */
const window = values.window === "" ? [] : ["--window", values.window];
/** The open loop of `bench fanout`. */
const steady = ["--publishers", "50", "--rate", "300", "--size", "64"];

await requireLoad();
await using cluster = await startCluster(nodeCount);
const all = await nodesOf(cluster);
const asked = questions
  .filter(({ name }) => chosen.includes(name))
  .map((question) => ({ question, outcomes: [] as DeliveryLine["outcomes"] }));
const several: DeliveryLine = line(`${nodeCount} nodes`, nodeCount * 200);
const oneWith200: DeliveryLine = line("one node (SQLite)", 200);
const oneWithAll: DeliveryLine = line("one node (SQLite)", nodeCount * 200);

for (let round = 1; round <= Number(values.rounds); round += 1) {
  for (const { question, outcomes } of asked) {
    say(round, question.title);
    outcomes.push(
      await measureNodes(all, question, [
        ...question.load,
        ...window,
        ...times,
      ]),
    );
  }
  if (!chosen.includes("deliveries")) continue;
  await measureDeliveries(round, several, all);
  await measureAlone(round, oneWith200);
  await measureAlone(round, oneWithAll);
}

if (asked.length > 0) {
  console.log(`
## ${nodeCount} nodes, PostgreSQL and NATS on one machine of ${availableParallelism()} cores

${questionTable(asked)}`);
}
if (chosen.includes("deliveries")) {
  console.log(`
## Deliveries: 300 messages/s to everybody in one room

${deliveryTable([several, oneWith200, oneWithAll], [oneWith200, oneWithAll])}`);
}
console.log(`
Nothing is pinned: the nodes, PostgreSQL, NATS and the generator share all cores. PostgreSQL syncs every commit (fsync and synchronous_commit on). Medians of ${values.rounds} × ${values.secs} s.`);

async function measureAlone(round: number, alone: DeliveryLine): Promise<void> {
  const data = join(cluster.folder, `alone-${alone.clients}-${round}`);
  await mkdir(data);
  const node = await startNode({ name: "alone", data });
  try {
    const nodes = { nodes: [node], beside: [], folder: cluster.folder };
    await measureDeliveries(round, alone, nodes);
  } finally {
    await node.stop();
  }
}

async function measureDeliveries(
  round: number,
  { title, clients, outcomes }: DeliveryLine,
  nodes: Nodes,
): Promise<void> {
  say(round, `${clients} clients on ${title}`);
  const people = { people: clients, rooms: 0 };
  outcomes.push(await measureNodes(nodes, people, [...steady, ...times]));
}

function line(title: string, clients: number): DeliveryLine {
  return { title, clients, outcomes: [] };
}

function say(round: number, what: string): void {
  console.error(`round ${round} of ${values.rounds}: ${what}`);
}
