// bun bench/faults.ts [--only nats,postgres,rolling] [--secs 60] [--times 10]
//   [--people 12] [--rooms 4] [--rate 100]
// What people see while NATS is away, PostgreSQL is restarted, and every node is:
// the shipped client on three nodes, and the final log to compare it with.
import { parseArgs } from "node:util";
import { startCluster, type Cluster } from "./cluster/start-cluster.ts";
import { allViolations } from "./faults/check.ts";
import { converse } from "./faults/conversation.ts";
import { watchOthers } from "./faults/others-cpu.ts";
import type { RunRecord } from "./faults/run-record.ts";
import { restartNodes, restartPostgres, stopNats } from "./faults/scenarios.ts";
import { readPostgresLog } from "./faults/stored-log.ts";
import { faultTable, verdict, type FaultColumn } from "./faults/table.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "nats,postgres,rolling" },
    secs: { type: "string", default: "60" },
    times: { type: "string", default: "10" },
    people: { type: "string", default: "12" },
    rooms: { type: "string", default: "4" },
    rate: { type: "string", default: "100" },
  },
});

interface Scenario {
  title: string;
  isOfStore: boolean;
  happen: (cluster: Cluster, record: RunRecord) => Promise<void>;
}

const scenarios: Record<string, Scenario> = {
  nats: {
    title: `NATS stopped for ${values.secs} s`,
    isOfStore: false,
    happen: (cluster, record) => stopNats(cluster, Number(values.secs), record),
  },
  postgres: {
    title: `PostgreSQL restarted ${values.times} times`,
    isOfStore: true,
    happen: (cluster, record) =>
      restartPostgres(cluster, Number(values.times), record),
  },
  rolling: {
    title: "every node restarted",
    isOfStore: false,
    happen: ({ nodes }, record) => restartNodes(nodes, record),
  },
};

const runs: FaultColumn[] = [];
for (const name of values.only.split(",")) {
  const scenario = scenarios[name];
  if (scenario === undefined) {
    console.error(
      `--only does not know "${name}". It knows ${Object.keys(scenarios).join(", ")}.`,
    );
    process.exit(1);
  }
  console.error(scenario.title);
  runs.push(await runScenario(scenario));
}

console.log(`
## ${values.rate} posts/s by ${values.people} shipped clients in ${values.rooms} rooms on 3 nodes

${faultTable(runs)}

Times are p50, p99 and the longest, from the moment at which a post was to be written.`);
if (runs.some(({ outcome }) => verdict(outcome) !== "all right")) {
  process.exitCode = 3;
}

async function runScenario({
  title,
  isOfStore,
  happen,
}: Scenario): Promise<FaultColumn> {
  await using cluster = await startCluster();
  const others = watchOthers();
  const outcome = await converse(
    {
      nodes: cluster.nodes,
      readLog: () => readPostgresLog(cluster.databaseUrl),
    },
    {
      people: Number(values.people),
      rooms: Number(values.rooms),
      postsPerSecond: Number(values.rate),
    },
    (record) => happen(cluster, record),
  );
  const othersCpuPercent = others();
  for (const words of allViolations(outcome.violations).slice(0, 20)) {
    console.error(`  ${words}`);
  }
  return { title, isOfStore, outcome, othersCpuPercent };
}
