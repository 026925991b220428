import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { onCore, serverCore } from "../cores.ts";

/** A server in a process of its own. */
export interface ServerProcess extends AsyncDisposable {
  pid: number;
  port: number;
}

export interface SpawnOptions {
  command: (port: number) => readonly string[];
  /** A free one, when not said. */
  port?: number;
  cwd?: string;
  env?: Record<string, string>;
  isPinned: boolean;
  /** Answers with 200 when the server is ready; else an open port will do. */
  healthPath?: string;
}

const startMsMax = 20_000;
const stopMsMax = 10_000;
const pollMs = 20;

/** Starts the command and waits until it answers. */
export async function spawnServer(
  options: SpawnOptions,
): Promise<ServerProcess> {
  const port = options.port ?? (await freePort());
  const command = options.command(port);
  const child = Bun.spawn(
    options.isPinned ? onCore(serverCore, command) : [...command],
    {
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      env: { ...process.env, ...options.env },
      stdout: "ignore",
      stderr: "pipe",
    },
  );
  const complaint = new Response(child.stderr).text();
  const server: ServerProcess = {
    pid: child.pid,
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      const forced = setTimeout(() => child.kill("SIGKILL"), stopMsMax);
      await child.exited;
      clearTimeout(forced);
    },
  };
  const deadline = performance.now() + startMsMax;
  while (!(await answers(port, options.healthPath))) {
    if (child.exitCode !== null || performance.now() > deadline) {
      await server[Symbol.asyncDispose]();
      throw new Error(
        `${command.join(" ")} did not start: ${(await complaint).trim()}`,
      );
    }
    await Bun.sleep(pollMs);
  }
  return server;
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, "close");
  return port;
}

async function answers(port: number, path?: string): Promise<boolean> {
  try {
    if (path === undefined) {
      const socket = await Bun.connect({
        hostname: "127.0.0.1",
        port,
        socket: { data() {} },
      });
      socket.end();
      return true;
    }
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      signal: AbortSignal.timeout(2_000),
    });
    return response.ok;
  } catch {
    return false;
  }
}
