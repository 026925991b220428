import { readFileSync, statfsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SQL } from "bun";
import {
  startTestNats,
  type TestNats,
} from "../../packages/server/src/testing/test-nats.ts";
import {
  startTestPostgres,
  type TestPostgres,
} from "../../packages/server/src/testing/test-postgres.ts";
import { dataFolder, spawnParley } from "../peers/parley.ts";
import { freePort, type ServerProcess } from "../peers/server-process.ts";

/** One Parley among several. Its port stays; its process may change. */
export interface ClusterNode {
  name: string;
  port: number;
  readonly pid: number;
  /** Ends it as an operator does, with what was accepted finished. */
  stop(): Promise<void>;
  /** Starts it again; resolves when it is ready. */
  start(): Promise<void>;
}

/** Nodes of Parley over one PostgreSQL and one NATS, all on this machine. */
export interface Cluster extends AsyncDisposable {
  nodes: ClusterNode[];
  databaseUrl: string;
  postgres: TestPostgres;
  nats: TestNats;
  folder: string;
}

/** Linux's number for a filesystem in memory (statfs(2)). */
const tmpfs = 0x01021994;

/** PostgreSQL syncs every commit, as in production. */
export async function startCluster(count = 3): Promise<Cluster> {
  if (statfsSync(tmpdir()).type === tmpfs) {
    throw new Error(
      `PostgreSQL's data would be in memory, where a sync costs nothing: set TMPDIR to a folder on a disk (it is ${tmpdir()}).`,
    );
  }
  await using stack = new AsyncDisposableStack();
  const folder = await dataFolder();
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const postgres = await startTestPostgres({ isDurable: true });
  stack.defer(() => postgres.stop());
  const nats = await startTestNats();
  stack.defer(() => nats.stop());
  const nodes: ClusterNode[] = [];
  for (let n = 1; n <= count; n += 1) {
    const name = `node-${n}`;
    const data = join(folder, name);
    await mkdir(data);
    const environment = {
      PARLEY_DATABASE_URL: postgres.url,
      PARLEY_NATS_URL: nats.url,
      PARLEY_NODE: name,
    };
    const node = await startNode({ name, data, environment });
    nodes.push(node);
    stack.defer(() => node.stop());
  }
  const running = stack.move();
  return {
    ...{ nodes, databaseUrl: postgres.url, postgres, nats, folder },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** Starts a Parley that can be stopped and started again where it was. */
export async function startNode({
  name,
  data,
  environment = {},
}: {
  name: string;
  data: string;
  environment?: Record<string, string>;
}): Promise<ClusterNode> {
  const port = await freePort();
  const start = () => spawnParley({ data, isPinned: false, port, environment });
  let running: ServerProcess | undefined = await start();
  return {
    name,
    port,
    get pid() {
      return running?.pid ?? 0;
    },
    stop: async () => {
      const ending = running;
      running = undefined;
      await ending?.[Symbol.asyncDispose]();
    },
    start: async () => {
      running = await start();
    },
  };
}

/** PostgreSQL's first process, the parent of all its others. */
export async function postgresPid(url: string): Promise<number> {
  await using sql = new SQL(url, { max: 1 });
  const [row] = (await sql`select pg_backend_pid() as pid`) as {
    pid: number;
  }[];
  const status = readFileSync(`/proc/${row?.pid ?? 0}/status`, "utf8");
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1]);
}
