import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Peer, StartOptions } from "./peer.ts";
import { joinPeople } from "./parley-people.ts";
import { spawnServer, type ServerProcess } from "./server-process.ts";
import { simpleWire } from "./simple-wire.ts";

const root = join(import.meta.dirname, "..", "..");

/** Parley as a newcomer meets it, on the tutorial's three keys. */
export const parleySimple: Peer = {
  name: "parley-simple",
  title: "Parley, simple wire",
  isDurable: true,
  async start({ isPinned }) {
    const data = await dataFolder();
    const running = await spawnParley({ data, isPinned });
    return {
      status: "running",
      server: {
        ...running,
        loadOptions: simpleWire(running.port),
        [Symbol.asyncDispose]: () => stopAndRemove(running, data),
      },
    };
  },
};

/** Parley on its own wire: sessions, numbers, answers. */
export const parley: Peer = {
  name: "parley",
  title: "Parley, parley.v1",
  isDurable: true,
  async start(options) {
    const { running, data, loadOptions } = await startWithPeople(options);
    return {
      status: "running",
      server: {
        ...running,
        loadOptions,
        [Symbol.asyncDispose]: () => stopAndRemove(running, data),
      },
    };
  },
};

async function startWithPeople({ isPinned, ...who }: StartOptions) {
  const data = await dataFolder();
  const joining = await spawnParley({ data, isPinned: false });
  const speak = await joinPeople(joining.port, who, data);
  await joining[Symbol.asyncDispose]();
  // A server that has not just let in thousands: its memory and its CPU are
  // those of the connections alone.
  const running = await spawnParley({ data, isPinned });
  return { running, data, loadOptions: speak(running.port) };
}

/** Starts Parley on this folder with the rate and connection limits lifted. */
export function spawnParley(options: {
  data: string;
  isPinned: boolean;
  /** A free one, when not said. */
  port?: number;
  /** Further settings. */
  environment?: Record<string, string>;
}): Promise<ServerProcess> {
  return spawnServer({
    command: (port) => [
      ...[process.execPath, "packages/server/src/main.ts", "serve"],
      ...["--port", String(port), "--data", options.data],
    ],
    cwd: root,
    env: { PARLEY_LIMITS: "off", ...options.environment },
    ...(options.port === undefined ? {} : { port: options.port }),
    isPinned: options.isPinned,
    healthPath: "/healthz",
  });
}

/**
 * A data folder beside the real one, on the same disk: in /tmp, which may be
 * memory, a sync would cost nothing.
 */
export async function dataFolder(): Promise<string> {
  const parent = join(root, "data");
  await mkdir(parent, { recursive: true });
  return mkdtemp(join(parent, "bench-"));
}

async function stopAndRemove(running: ServerProcess, data: string) {
  await running[Symbol.asyncDispose]();
  await rm(data, { recursive: true, force: true });
}
