import { readdirSync, readFileSync } from "node:fs";

/** Linux counts for programs in hundredths of a second, whatever its own clock. */
const ticksPerSecond = 100;

/**
 * Watches what all programs use that this one has not started. Returns how much
 * it was since, in per cent of a core.
 */
export function watchOthers(): () => number {
  const start = performance.now();
  const before = othersSeconds();
  return () => {
    const seconds = (performance.now() - start) / 1_000;
    return Math.max(0, ((othersSeconds() - before) * 100) / seconds);
  };
}

function othersSeconds(): number {
  return machineSeconds() - ownSeconds();
}

/** User, nice, system and stolen; interrupts belong to no program. */
function machineSeconds(): number {
  const [first = ""] = readFileSync("/proc/stat", "utf8").split("\n");
  const ticks = first.split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , , , stolen = 0] = ticks;
  return (user + nice + system + stolen) / ticksPerSecond;
}

/** This program's and all its descendants', also of those that have ended. */
export function ownSeconds(): number {
  const processes = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
  const children = Map.groupBy(processes, ({ parent }) => parent);
  const sum = (pid: number): number =>
    (children.get(pid) ?? []).reduce(
      (total, child) => total + child.seconds + sum(child.pid),
      0,
    );
  return (readProcess(process.pid)?.seconds ?? 0) + sum(process.pid);
}

function readProcess(pid: number) {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, "utf8");
  } catch {
    return undefined; // It has ended meanwhile.
  }
  // The name stands in brackets and may hold anything; state comes after it.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const parent = Number(fields[1]);
  const ticks = fields.slice(11, 15).reduce((sum, one) => sum + Number(one), 0);
  return { pid, parent, seconds: ticks / ticksPerSecond };
}
