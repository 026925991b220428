import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { compiled } from "./compiled.ts";
import { generatorCore, onCore } from "./cores.ts";

/** A latency distribution in microseconds. */
export interface Latency {
  count: number;
  p50Us: number;
  p90Us: number;
  p99Us: number;
  p999Us: number;
  maxUs: number;
}

/** What the traffic of a run came to, in its measured time. */
export interface Traffic {
  seconds: number;
  sent: number;
  sentPerSecond: number;
  deliveries: number;
  deliveriesPerSecond: number;
  frames: number;
  bytes: number;
  deliveriesPerFrame: number;
  bytesPerDelivery: number;
  serverCpuPercent: number;
  cpuUsPerDelivery: number;
  generatorCpuPercent: number;
  /** Of one core: what neither server nor generator used. */
  othersCpuPercent: number;
  /** Messages acknowledged to their senders. */
  answers: number;
  answersPerSecond: number;
  /** Of each of the server's processes, in the order of --pid. */
  pidCpuPercents: number[];
  /** Of the programs that work for it, with their children. */
  beside: { name: string; cpuPercent: number }[];
  /** From the moment a message was to be sent until a receiver had it. */
  received: Latency | null;
  /** … a receiver on another server than the sender; null with one server. */
  crossed: Latency | null;
  /** … until its sender had the answer; null where the wire has no answers. */
  answered: Latency | null;
}

/** What the oracle found, from the first message to the last. */
export interface Verdict {
  sent: number;
  checked: number;
  lost: number;
  doubled: number;
  misordered: number;
  /** Given to somebody who does not listen to that room. */
  stray: number;
  damaged: number;
  refused: number;
  unanswered: number;
  closed: number;
  closeCode: number;
}

/** The JSON object that the load generator prints (load/report.c). */
export interface LoadReport {
  connections: number;
  publishers: number;
  bodyBytes: number;
  connect: {
    seconds: number;
    cpuUsPerConnection: number;
    rssBytesPerConnection: number;
  };
  idle: {
    seconds: number;
    cpuPercent: number;
    cpuUsPerConnectionSecond: number;
    rssBytesPerConnection: number;
  } | null;
  traffic: Traffic | null;
  rssBytes: { before: number; connected: number; after: number };
  oracle: Verdict;
  void: boolean;
}

const folder = join(import.meta.dirname, "load");
let built: Promise<string> | undefined;

/** Compiles the load generator where that is needed; the program's path. */
export function buildLoad(): Promise<string> {
  built ??= build();
  return built;
}

/** Ends the program with one line where the generator cannot be compiled. */
export async function requireLoad(): Promise<void> {
  try {
    await buildLoad();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}

async function build(): Promise<string> {
  const compiler = Bun.which("cc");
  if (compiler === null || process.platform !== "linux") {
    throw new Error(
      "The benchmarks need Linux and a C compiler named cc (Debian: apt-get install gcc libc6-dev).",
    );
  }
  const sources = (await readdir(folder)).map((name) => join(folder, name));
  const program = await compiled("load", sources, async (output) => {
    const files = sources.filter((source) => source.endsWith(".c"));
    const compiling = Bun.spawn(
      [compiler, "-O2", "-o", output, ...files, "-lm"],
      { stdout: "inherit", stderr: "inherit" },
    );
    return (await compiling.exited) === 0;
  });
  if (program === undefined) {
    throw new Error("The load generator in bench/load did not compile.");
  }
  return program;
}

/**
 * Runs the load generator with these options (load --help) to its end, on a
 * core of its own if not said otherwise.
 */
export async function runLoad(
  options: readonly string[],
  { isPinned = true }: { isPinned?: boolean } = {},
): Promise<LoadReport> {
  const command = [await buildLoad(), ...options];
  const load = Bun.spawn(isPinned ? onCore(generatorCore, command) : command, {
    stdout: "pipe",
    stderr: "inherit",
  });
  const [text, exitCode] = await Promise.all([
    new Response(load.stdout).text(),
    load.exited,
  ]);
  // 3 is a void run: measured, and not to be believed.
  if (exitCode !== 0 && exitCode !== 3) {
    throw new Error(`The load generator gave up with exit code ${exitCode}.`);
  }
  return JSON.parse(text) as LoadReport;
}

/** Why a run is void, in words; empty when it is not. */
export function faults(oracle: Verdict): string[] {
  const counts = {
    lost: oracle.lost,
    doubled: oracle.doubled,
    misordered: oracle.misordered,
    stray: oracle.stray,
    damaged: oracle.damaged,
    refused: oracle.refused,
    unanswered: oracle.unanswered,
    closed: oracle.closed,
  };
  return Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([fault, count]) => `${count} ${fault}`);
}
