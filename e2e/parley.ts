import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";

const root = path.join(import.meta.dirname, "..");

/** The real command in a process of its own, with data of its own. */
export class Parley implements AsyncDisposable {
  readonly url: string;
  readonly #folder = mkdtempSync(path.join(tmpdir(), "parley-e2e-"));
  readonly #environment: Record<string, string>;
  #process: ChildProcess | undefined;

  private constructor(port: number, environment: Record<string, string>) {
    this.url = `http://127.0.0.1:${port}`;
    this.#environment = {
      PORT: String(port),
      PARLEY_HOST: "127.0.0.1",
      PARLEY_DATA: this.#folder,
      PARLEY_LOG: "error",
      ...environment,
    };
  }

  static async start(
    environment: Record<string, string> = {},
  ): Promise<Parley> {
    const parley = new Parley(await freePort(), environment);
    await parley.startAgain();
    return parley;
  }

  async startAgain(): Promise<void> {
    const bun = process.env["BUN_BIN"] ?? "bun";
    this.#process = spawn(bun, ["packages/server/src/main.ts"], {
      cwd: root,
      env: { ...process.env, ...this.#environment },
      stdio: ["ignore", "ignore", "inherit"],
    });
    for (let attempt = 0; attempt < 200; attempt += 1) {
      if (await this.#answers()) return;
      await setTimeout(50);
    }
    throw new Error(`Parley does not answer at ${this.url}`);
  }

  /** Ends it without a chance to finish anything. */
  async kill(): Promise<void> {
    const running = this.#process;
    if (running?.exitCode !== null) return;
    const exited = once(running, "exit");
    running.kill("SIGKILL");
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #answers(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/healthz`)).ok;
    } catch {
      return false;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
