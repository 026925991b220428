import { ParleyError } from "@parley/protocol";
import { setTimeout as wait } from "node:timers/promises";
import type { Reads } from "../store.ts";
import { kindOfFailure } from "./failures.ts";

/** A read that finds no database is tried again for so long. */
const patienceMs = 3_000;
const againMs = 100;

/**
 * The same reads, which outlast a restart of the database: a question can be
 * asked twice. After that `unavailable`, to be tried again (P17).
 */
export function patientReads(reads: Reads): Reads {
  const patient = Object.entries(reads).map(([name, read]) => [
    name,
    (...parameters: unknown[]) =>
      patiently(() =>
        (read as (...all: unknown[]) => Promise<unknown>)(...parameters),
      ),
  ]);
  return Object.fromEntries(patient) as Reads;
}

async function patiently<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const kind = kindOfFailure(error);
      if (kind === "other" || kind === "full") throw error;
      if (performance.now() > until) {
        throw new ParleyError("unavailable", { retryAfterMs: 1_000 });
      }
      await wait(againMs);
    }
  }
}
