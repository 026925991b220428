import { availableParallelism } from "node:os";

// The server has one core for itself and the generator another, so that
// neither is measured by the other's hunger.
export const serverCore = 0;
export const generatorCore = 1;

/** True where programs can be pinned: two cores and util-linux's taskset. */
export const canPin =
  availableParallelism() > 1 && Bun.which("taskset") !== null;

/** The command, kept to one core where that is possible. */
export function onCore(core: number, command: readonly string[]): string[] {
  return canPin ? ["taskset", "-c", String(core), ...command] : [...command];
}
