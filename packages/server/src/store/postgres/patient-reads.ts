import { ParleyError } from "@parley/protocol";
import { setTimeout as wait } from "node:timers/promises";
import type { Reads } from "../store.ts";
import { kindOfFailure } from "./failures.ts";

/** A read that finds no database is tried again for so long. */
const patienceMs = 3_000;
const againMs = 100;
/** Whoever asked is answered by then (L-1). */
const answeredMsMax = 4_600;

/**
 * The same reads, which outlast a restart of the database: a question can be
 * asked twice. After that `unavailable`, to be tried again (P17).
 */
export function patientReads(reads: Reads): Reads {
  /** One asks for all who wait whether the database is there again. */
  let probing: Promise<boolean> | undefined;
  const isBack = (): Promise<boolean> =>
    (probing ??= wait(againMs)
      .then(() => reads.isMember("", ""))
      .then(
        () => true,
        () => false,
      )
      .finally(() => {
        probing = undefined;
      }));
  const patient = Object.entries(reads).map(([name, read]) => [
    name,
    (...parameters: unknown[]) =>
      inTime(
        patiently(
          () =>
            (read as (...all: unknown[]) => Promise<unknown>)(...parameters),
          isBack,
        ),
      ),
  ]);
  return Object.fromEntries(patient) as Reads;
}

async function inTime<Answer>(asked: Promise<Answer>): Promise<Answer> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new ParleyError("unavailable", { retryAfterMs: 1_000 }));
  }, answeredMsMax);
  try {
    return await Promise.race([asked, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function patiently<Answer>(
  ask: () => Promise<Answer>,
  isBack: () => Promise<boolean>,
): Promise<Answer> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const kind = kindOfFailure(error);
      if (kind === "other" || kind === "full") throw error;
      do {
        if (performance.now() > until) {
          throw new ParleyError("unavailable", { retryAfterMs: 1_000 });
        }
      } while (!(await isBack()));
    }
  }
}
