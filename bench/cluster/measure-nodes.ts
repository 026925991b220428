import { mkdtemp } from "node:fs/promises";
import { join } from "node:path";
import { runLoad } from "../load.ts";
import type { Outcome } from "../measure.ts";
import { joinOnAllNodes } from "./people.ts";
import {
  postgresPid,
  type Cluster,
  type ClusterNode,
} from "./start-cluster.ts";

/** Nodes with what works for them. */
export interface Nodes {
  nodes: readonly Pick<ClusterNode, "port" | "pid">[];
  /** The names and processes of PostgreSQL and NATS, as --beside has them. */
  beside: readonly string[];
  folder: string;
}

export async function nodesOf(cluster: Cluster): Promise<Nodes> {
  const { nodes, nats, folder, databaseUrl } = cluster;
  const database = await postgresPid(databaseUrl);
  return {
    nodes,
    beside: [`PostgreSQL=${database}`, `NATS=${nats.pid}`],
    folder,
  };
}

/** Lets people in on all nodes, then the generator at them. */
export async function measureNodes(
  { nodes, beside, folder }: Nodes,
  { people, rooms }: { people: number; rooms: number },
  load: readonly string[],
): Promise<Outcome> {
  try {
    const ports = nodes.map(({ port }) => port);
    const place = await mkdtemp(join(folder, "people-"));
    const wire = await joinOnAllNodes(ports, { people, rooms }, place);
    const report = await runLoad(
      [
        ...wire,
        ...nodes.flatMap(({ pid }) => ["--pid", String(pid)]),
        ...beside.flatMap((one) => ["--beside", one]),
        ...load,
      ],
      // Kept to one of the cores, the generator would take it from whichever
      // process happens to run there.
      { isPinned: false },
    );
    return { status: "measured", report };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { status: "failed", reason: reason.split("\n")[0] ?? reason };
  }
}
