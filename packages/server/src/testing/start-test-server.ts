import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { readConfig } from "../config.ts";
import { createLog } from "../log.ts";
import { startServer, type RunningServer } from "../start-server.ts";
import { clusterSettings, isOnCluster } from "./cluster-places.ts";

export interface TestServer extends AsyncDisposable {
  /** Such as http://127.0.0.1:40123. */
  url: string;
  port: number;
  folder: string;
}

/** One in this process, whose insides can be looked at. */
export interface OpenTestServer extends TestServer {
  held: RunningServer["held"];
  store: RunningServer["store"];
}

/**
 * A real server on a port of its own with data of its own, in this process.
 * `environment` holds settings as an operator would write them. With `folder`
 * it opens existing data and leaves it there. With `secondMs` the heartbeat's
 * seconds are that short, so that a test need not wait for its half minute.
 */
export async function startTestServer(
  environment: Record<string, string> = {},
  {
    folder: given,
    secondMs = 1_000,
    webFolder = path.join(import.meta.dir, "../../../web/dist"),
  }: { folder?: string; secondMs?: number; webFolder?: string } = {},
): Promise<OpenTestServer> {
  const folder = given ?? mkdtempSync(path.join(tmpdir(), "parley-test-"));
  const config = readConfig({
    PORT: "0",
    PARLEY_HOST: "127.0.0.1",
    PARLEY_DATA: folder,
    PARLEY_LOG: "error",
    ...(isOnCluster ? await clusterSettings(folder) : {}),
    ...environment,
  });
  const server = await startServer({
    config,
    log: createLog(config.log),
    createWorker: () =>
      new Worker(new URL("../store/sqlite/worker.ts", import.meta.url)),
    secondMs,
    webFolder,
    onBroken: (error) => {
      throw error;
    },
  });
  return {
    url: `http://127.0.0.1:${server.port}`,
    port: server.port,
    folder,
    held: server.held,
    store: server.store,
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      if (given === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
