import { openSync } from "node:fs";
import type { History } from "../history/history.ts";

/** What a supervisor waits before it starts again what has ended. */
const restartMs = 100;
const pollMs = 20;
const main = `${import.meta.dir}/../../packages/server/src/main.ts`;

/** How many missed events are replayed, in one life after the other. */
const replays = [300, 30, 100];

export interface SupervisedOptions {
  node: string;
  port: number;
  environment: Record<string, string>;
  /** Where its log goes. */
  logFile: string;
  history: History;
  now: () => number;
}

/** What is put around one life of a server. */
export interface Surroundings {
  /** Libraries that are loaded before all others. */
  preload?: readonly string[];
  environment?: Record<string, string>;
  /** Open files that it may have. */
  openFiles?: number;
}

/** One server, and what keeps it running, as systemd would. */
export class Supervised {
  readonly node: string;
  readonly port: number;
  readonly logFile: string;
  /** For the next life. */
  surroundings: Surroundings = {};
  /** Of the life that there is now. */
  lived: Surroundings = {};
  lives = 0;
  /** Exits that nobody had asked for. */
  readonly unexpected: string[] = [];
  readonly #options: SupervisedOptions;
  #child: Bun.Subprocess | undefined;
  #isExpected = false;
  /** Held back until somebody lets it start again. */
  #isHeld = false;
  #isOver = false;
  #ready = Promise.withResolvers<undefined>();
  #isReady = false;

  constructor(options: SupervisedOptions) {
    this.#options = options;
    this.node = options.node;
    this.port = options.port;
    this.logFile = options.logFile;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child !== undefined;
  }

  start(): void {
    const { node, environment } = this.#options;
    const { preload = [], openFiles, ...around } = this.surroundings;
    this.lived = this.surroundings;
    this.lives += 1;
    const log = openSync(this.logFile, "a");
    const child = Bun.spawn(
      [
        // The server ends with this process, however that ends.
        ...["setpriv", "--pdeathsig", "KILL"],
        ...(openFiles === undefined
          ? []
          : ["prlimit", `--nofile=${openFiles}`]),
        ...[process.execPath, main],
      ],
      {
        env: {
          PATH: process.env["PATH"] ?? "",
          PORT: String(this.port),
          PARLEY_HOST: "127.0.0.1",
          PARLEY_NODE: node,
          PARLEY_LIMITS: "off",
          PARLEY_LOG: "warn",
          // In one life people are caught up event by event, in another they
          // start from a page after a few seconds away.
          PARLEY_REPLAY_EVENTS: String(replays[this.lives % replays.length]),
          ...(preload.length === 0 ? {} : { LD_PRELOAD: preload.join(":") }),
          ...environment,
          ...around.environment,
        },
        stdio: ["ignore", log, log],
      },
    );
    this.#child = child;
    this.#tell("started", { pid: child.pid });
    void child.exited.then(() => {
      this.#exited(child);
    });
    void this.#watch(child);
  }

  /** Resolves when it answers that it is ready. */
  ready(): Promise<unknown> {
    return this.#ready.promise;
  }

  signal(name: NodeJS.Signals): void {
    this.#child?.kill(name);
  }

  /** What happens now may end it. */
  expectExit(isExpected: boolean): void {
    this.#isExpected = isExpected;
  }

  /** Ends it in this way and resolves when it has ended; it is not started again. */
  async end(name: "SIGTERM" | "SIGKILL"): Promise<void> {
    this.#isExpected = true;
    this.#isHeld = true;
    const child = this.#child;
    child?.kill(name);
    await child?.exited;
    // Its exit is written down a turn later.
    await Bun.sleep(0);
  }

  /** Starts it again after `end`; resolves when it is ready. */
  async startAgain(): Promise<void> {
    this.#isHeld = false;
    if (this.#child === undefined && !this.#isOver) this.start();
    await this.ready();
    this.#isExpected = false;
  }

  async stop(): Promise<void> {
    this.#isOver = true;
    await this.end("SIGTERM");
  }

  async kill(): Promise<void> {
    this.#isOver = true;
    await this.end("SIGKILL");
  }

  #exited(child: Bun.Subprocess): void {
    if (this.#child !== child) return;
    this.#child = undefined;
    // Whoever waits for one that never began waits for the next.
    if (this.#isReady) this.#ready = Promise.withResolvers();
    this.#isReady = false;
    const injected = this.#isExpected;
    this.#tell("exited", { pid: child.pid, injected });
    if (!injected) {
      const how = child.signalCode ?? `code ${child.exitCode ?? "unknown"}`;
      this.unexpected.push(`${this.node} exited with ${how}`);
    }
    if (this.#isHeld || this.#isOver) return;
    setTimeout(() => {
      const isWanted = !this.#isHeld && !this.#isOver;
      if (isWanted && this.#child === undefined) this.start();
    }, restartMs);
  }

  async #watch(child: Bun.Subprocess): Promise<void> {
    while (this.#child === child) {
      if (await isHealthy(this.port)) {
        this.#tell("ready", { pid: child.pid });
        this.#isReady = true;
        this.#ready.resolve(undefined);
        return;
      }
      await Bun.sleep(pollMs);
    }
  }

  #tell(
    is: "started" | "ready" | "exited",
    more: { pid: number; injected?: boolean },
  ): void {
    const { history, now } = this.#options;
    history.record({ t: now(), k: "server", node: this.node, is, ...more });
  }
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`, {
      signal: AbortSignal.timeout(1_000),
    });
    return answer.ok;
  } catch {
    return false;
  }
}
