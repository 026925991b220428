import type { Device } from "./devices.ts";
import type { CheckOptions } from "./options.ts";
import type { StoredLog } from "./stored-log.ts";
import { Findings } from "./violation.ts";

/** What all rules of one check share. */
export class Judgement {
  readonly log: StoredLog;
  readonly options: CheckOptions;
  readonly findings = new Findings();
  /** When a server ended for the last time, however it did. */
  lastServerEnd = -Infinity;
  /** Which server's end was before that is not asked: only what was lost in one. */
  readonly #doubtful: { t: number; rule: string; words: string; c: string }[] =
    [];

  constructor(log: StoredLog, options: CheckOptions) {
    this.log = log;
    this.options = options;
  }

  /** Whether what this epoch's numbers say can be compared with the log. */
  isOfLog(epoch: string | undefined): boolean {
    // Before the first welcome nobody knows; it matters only where there are two.
    if (epoch === undefined) return this.options.wasRestored !== true;
    return epoch === this.log.epoch;
  }

  /**
   * Somebody saw what is not in the log. If a server ended after that, it was
   * shown before it was durable (D-6); otherwise it breaks the rule named.
   */
  unstored(rule: string, t: number, device: Device, words: string): void {
    this.#doubtful.push({ t, rule, words, c: device.c });
  }

  end(): void {
    for (const { t, rule, words, c } of this.#doubtful) {
      const wasLost = this.lastServerEnd >= t;
      this.findings.add({ rule: wasLost ? "D-6" : rule, t, words, c });
    }
  }
}
