import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { freePort } from "../packages/server/src/testing/free-port.ts";
import type { Place, Settings } from "./place.ts";

const root = path.join(import.meta.dirname, "..");

/** The real command in a process of its own, with a data folder of its own. */
export class Parley implements Place {
  readonly url: string;
  readonly port: number;
  readonly #folder = mkdtempSync(path.join(tmpdir(), "parley-e2e-"));
  readonly #settings: Settings;
  #process: ChildProcess | undefined;
  /** What it has printed since it was started last. */
  #printed = "";

  constructor(port: number, settings: Settings) {
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.#settings = {
      PORT: String(port),
      PARLEY_HOST: "127.0.0.1",
      PARLEY_DATA: this.#folder,
      PARLEY_LOG: "error",
      ...settings,
    };
  }

  static async start(settings: Settings = {}): Promise<Parley> {
    const parley = new Parley(await freePort(), settings);
    await parley.startAgain();
    return parley;
  }

  /** Resolves when it is ready, as a restart of one node after the other waits for it. */
  async startAgain(): Promise<void> {
    const bun = process.env["BUN_BIN"] ?? "bun";
    const started = spawn(bun, ["packages/server/src/main.ts"], {
      cwd: root,
      env: { ...process.env, ...this.#settings },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#process = started;
    this.#printed = "";
    started.stdout.setEncoding("utf8").on("data", (text: string) => {
      this.#printed += text;
    });
    for (let attempt = 0; attempt < 200; attempt += 1) {
      if (started.exitCode !== null) break;
      if (await this.#isReady()) return;
      await setTimeout(50);
    }
    throw new Error(`Parley does not answer at ${this.url}`);
  }

  /** The link on its terminal that makes whoever opens it the owner. */
  async setupLink(): Promise<string> {
    // It answers before it has printed everything.
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const [link] = /\S+\/setup#\S+/u.exec(this.#printed) ?? [];
      if (link !== undefined) return link;
      await setTimeout(50);
    }
    throw new Error(`There is no link to set it up in: ${this.#printed}`);
  }

  /** Ends it without a chance to finish anything. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Asks it to stop and waits until it has. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const running = this.#process;
    if (running?.exitCode !== null || running.signalCode !== null) return;
    const exited = once(running, "exit");
    running.kill(signal);
    await exited;
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/healthz`)).ok;
    } catch {
      return false;
    }
  }
}
