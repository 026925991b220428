import path from "node:path";
import { mkdirSync, readFileSync } from "node:fs";
import { freePort } from "../../packages/server/src/testing/free-port.ts";
import {
  startFaultProxy,
  type FaultProxy,
} from "../../packages/server/src/testing/fault-proxy.ts";
import { preparePowerCut } from "../../packages/server/src/testing/power-cut.ts";
import {
  startTestNats,
  type TestNats,
} from "../../packages/server/src/testing/test-nats.ts";
import {
  createDatabaseIn,
  startTestPostgres,
  type TestPostgres,
} from "../../packages/server/src/testing/test-postgres.ts";
import type { History } from "../history/history.ts";
import { Supervised } from "./supervisor.ts";

/** One node, and its own ways to what it stands on. */
export interface Node {
  server: Supervised;
  toPostgres?: FaultProxy;
  toNats?: FaultProxy;
}

/** Where the data is, and what can be done to it. */
export type Ground =
  | { kind: "sqlite"; data: string; powerCut: string | undefined }
  | {
      kind: "cluster";
      postgres: TestPostgres;
      nats: TestNats;
      databaseUrl: string;
    };

/** All servers of a run. */
export interface Place extends AsyncDisposable {
  nodes: Node[];
  ground: Ground;
}

interface PlaceOptions {
  folder: string;
  history: History;
  now: () => number;
  /** Whether PostgreSQL syncs, as in production. */
  isDurable: boolean;
}

/** One server on SQLite. */
export async function startAlone(options: PlaceOptions): Promise<Place> {
  const { folder, history, now } = options;
  const data = path.join(folder, "data");
  const server = new Supervised({
    ...{ node: "node-1", port: await freePort(), history, now },
    environment: { PARLEY_DATA: data },
    logFile: path.join(folder, "node-1.log"),
  });
  server.start();
  await server.ready();
  return {
    nodes: [{ server }],
    ground: { kind: "sqlite", data, powerCut: compiled(folder) },
    [Symbol.asyncDispose]: () => server.kill(),
  };
}

/** Several nodes on PostgreSQL and NATS, each by a way of its own. */
export async function startSeveral(
  count: number,
  { folder, history, now, isDurable }: PlaceOptions,
): Promise<Place> {
  await using stack = new AsyncDisposableStack();
  const postgres = await startTestPostgres({ isDurable });
  stack.defer(() => postgres.stop());
  const nats = await startTestNats();
  stack.defer(() => nats.stop());
  const databaseUrl = await createDatabaseIn(postgres.url);
  const nodes: Node[] = [];
  for (let n = 1; n <= count; n += 1) {
    const node = `node-${n}`;
    const toPostgres = startFaultProxy({ targets: () => [postgres.port] });
    const toNats = startFaultProxy({ targets: () => [nats.port] });
    stack.use(toPostgres);
    stack.use(toNats);
    const data = path.join(folder, node);
    mkdirSync(data);
    const server = new Supervised({
      ...{ node, port: await freePort(), history, now },
      environment: {
        PARLEY_DATA: data,
        PARLEY_DATABASE_URL: toPostgres.through(databaseUrl),
        PARLEY_NATS_URL: toNats.through(nats.url),
      },
      logFile: path.join(folder, `${node}.log`),
    });
    stack.defer(() => server.kill());
    server.start();
    await server.ready();
    nodes.push({ server, toPostgres, toNats });
  }
  const running = stack.move();
  return {
    nodes,
    ground: { kind: "cluster", postgres, nats, databaseUrl },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** What the link ends with that the newest node has printed at its start. */
export async function setupCode({ nodes }: Place): Promise<string> {
  const { logFile = "" } = nodes.at(-1)?.server ?? {};
  const until = performance.now() + 10_000;
  while (performance.now() < until) {
    const [, code] = /\/setup#(\S+)/.exec(readFileSync(logFile, "utf8")) ?? [];
    if (code !== undefined) return code;
    await Bun.sleep(20);
  }
  throw new Error(`${logFile} has no link to become the owner`);
}

function compiled(folder: string): string | undefined {
  try {
    return preparePowerCut(folder)["LD_PRELOAD"];
  } catch {
    return undefined;
  }
}
