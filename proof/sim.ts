// First of all: from here on nothing reads the real clock.
import { real, restart } from "./sim/virtual-machine.ts";
import { parseArgs } from "node:util";
import { SimDatabase } from "./sim/database.ts";
import type { PlanOptions } from "./sim/plan.ts";
import { report, trace } from "./sim/report.ts";
import { isSound, run, traceHash } from "./sim/run.ts";
import { addRun, emptyTally, joinTallies, type Tally } from "./sim/tally.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    runs: { type: "string" },
    minutes: { type: "string" },
    cores: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    trace: { type: "boolean", default: false },
    hash: { type: "boolean", default: false },
    // The share of the runs with faults that may restore an older database.
    restores: { type: "string" },
    // With several processes: this one takes each n-th seed.
    step: { type: "string", default: "1" },
  },
});
const first = Number(values.seed);
const step = Number(values.step);
const cores = Number(values.cores);
const minutes = values.minutes === undefined ? 0 : Number(values.minutes);
const runs =
  values.runs === undefined
    ? minutes > 0
      ? Infinity
      : 1
    : Number(values.runs);

const planOptions: PlanOptions =
  values.restores === undefined ? {} : { restores: Number(values.restores) };

/** A seed means the same only with the same share. */
const restored =
  values.restores === undefined ? "" : ` --restores ${values.restores}`;

const startedAt = real.nowMs();
const tally = cores > 1 ? await runInParts() : await runHere();
const seconds = (real.nowMs() - startedAt) / 1_000;
if (values.json) console.log(JSON.stringify({ seconds, cores, ...tally }));
else report(tally, { seconds, cores });
// The virtual timers would not hold the process; the real ones might.
process.exit(tally.bad.length > 0 ? 1 : 0);

async function runHere(): Promise<Tally> {
  restart(0);
  const database = await SimDatabase.open();
  const ours = emptyTally();
  const rejected: unknown[] = [];
  process.on("unhandledRejection", (error) => rejected.push(error));
  for (let n = 0; n < runs && !isTimeOver(); n += 1) {
    const seed = first + n * step;
    const result = run(seed, database, planOptions);
    // A rejection that nobody minds shows when the event loop has its turn.
    await real.turn();
    for (const error of rejected.splice(0)) {
      const words = error instanceof Error ? error.stack : String(error);
      result.thrown.push(`unhandled rejection: ${words ?? ""}`);
    }
    addRun(ours, result);
    if (values.trace) trace(result);
    if (values.hash) console.log(`${seed} ${traceHash(result)}`);
    if (!isSound(result) && !values.json && ours.bad.length <= 10) {
      const [violation] = result.check.violations;
      console.error(
        `seed ${seed}: ${violation?.rule ?? "L-3"} ${violation?.words ?? result.thrown[0] ?? ""}\n` +
          `  replay: npm run sim -- --seed ${seed} --runs 1${restored} --trace`,
      );
    }
  }
  const { user, system } = process.cpuUsage();
  ours.cpuMs = (user + system) / 1_000;
  return ours;
}

function isTimeOver(): boolean {
  return minutes > 0 && real.nowMs() - startedAt > minutes * 60_000;
}

/** The same in several processes, each with its share of the seeds. */
async function runInParts(): Promise<Tally> {
  const parts = Array.from({ length: cores }, async (_, part) => {
    const child = Bun.spawn(
      [
        ...[process.execPath, import.meta.path, "--json"],
        ...["--seed", String(first + part), "--step", String(cores)],
        ...(runs === Infinity
          ? []
          : ["--runs", String(Math.ceil((runs - part) / cores))]),
        ...(values.restores === undefined
          ? []
          : ["--restores", values.restores]),
        ...(minutes > 0 ? ["--minutes", String(minutes)] : []),
      ],
      { stdout: "pipe", stderr: "inherit" },
    );
    return JSON.parse(await new Response(child.stdout).text()) as Tally;
  });
  const whole = emptyTally();
  for (const part of await Promise.all(parts)) joinTallies(whole, part);
  return whole;
}
