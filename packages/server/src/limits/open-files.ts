import { readFileSync } from "node:fs";

/** Files, database, listening socket and HTTP keep this many to themselves. */
const reserved = 256;
const reservedWhenFew = 64;

/** When the system does not tell. */
const assumedMax = 1_024;

/**
 * How many files a process (this one, or that of a number) may have open, and
 * how many of them may be sockets. At the limit Bun refuses nothing: new
 * connections hang and a core burns, so Parley stops well below it (P19).
 */
export function openFilesMax(process: number | "self" = "self"): {
  max: number;
  forConnections: number;
} {
  const max = readLimit(process);
  const kept = max < 1_024 ? reservedWhenFew : reserved;
  return { max, forConnections: Math.max(1, max - kept) };
}

function readLimit(process: number | "self"): number {
  try {
    const limits = readFileSync(`/proc/${process}/limits`, "utf8");
    const soft = /^Max open files\s+(\d+|unlimited)/m.exec(limits)?.[1];
    return soft === "unlimited" ? 1_000_000 : Number(soft ?? assumedMax);
  } catch {
    return assumedMax;
  }
}
