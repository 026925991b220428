import { writeFileSync } from "node:fs";
import path from "node:path";
import {
  startParley,
  type ParleyProcess,
} from "../../packages/server/src/testing/parley-process.ts";
import { preparePowerCut } from "../../packages/server/src/testing/power-cut.ts";

/** What is waited for at most, after the power has been told to go. */
const goneMsMax = 10_000;

/** A server whose power can be cut, again and again, on one folder. */
export class Power {
  readonly #environment: Record<string, string>;
  readonly #folder: string;
  readonly #isTorn: boolean;
  #lives = 0;
  #pipe = "";

  constructor({ folder, isTorn }: { folder: string; isTorn: boolean }) {
    this.#folder = folder;
    this.#isTorn = isTorn;
    this.#environment = {
      ...preparePowerCut(folder),
      // Not what a test can ask of the operator: no limits, and errors only.
      PARLEY_DATA: path.join(folder, "data"),
      PARLEY_LIMITS: "off",
      PARLEY_LOG: "error",
    };
  }

  get database(): string {
    return path.join(this.#folder, "data", "parley.db");
  }

  start(): Promise<ParleyProcess> {
    this.#lives += 1;
    this.#pipe = path.join(this.#folder, `cut-${this.#lives}`);
    const torn = this.#isTorn ? { POWER_CUT_TORN_BY: this.#pipe } : {};
    return startParley({ environment: { ...this.#environment, ...torn } });
  }

  /** Resolves when the process is gone, with the writes that it had not synced if it told. */
  async cut(
    parley: ParleyProcess,
    seed: number,
  ): Promise<{ unsynced: number | null }> {
    if (this.#isTorn) writeFileSync(this.#pipe, String(seed));
    else parley.signal("SIGKILL");
    const timer = setTimeout(() => {
      parley.signal("SIGKILL");
    }, goneMsMax);
    const code = await parley.exited;
    clearTimeout(timer);
    if (code !== null) {
      throw new Error(`it ended by itself (${code}): ${parley.errors()}`);
    }
    if (!this.#isTorn) return { unsynced: null };
    const told = await until(() =>
      /power cut: (\d+) writes/.exec(parley.errors()),
    );
    if (told === null) throw new Error(`no torn cut: ${parley.errors()}`);
    return { unsynced: Number(told[1]) };
  }
}

/** What was written comes through its pipe a moment after the end. */
async function until<Found>(find: () => Found | null): Promise<Found | null> {
  for (let tries = 0; tries < 1_000; tries += 1) {
    const found = find();
    if (found !== null) return found;
    await Bun.sleep(1);
  }
  return null;
}
