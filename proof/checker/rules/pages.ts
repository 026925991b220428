import type { Paged } from "../../history/record.ts";
import type { Device } from "../devices.ts";
import type { Judgement } from "../judgement.ts";
import type { AcknowledgedNumbers } from "./acknowledged-numbers.ts";

/** A page of history has all that was acknowledged before it was asked for, as it is (O-5). */
export class Pages {
  readonly #judgement: Judgement;
  readonly #acknowledged: AcknowledgedNumbers;

  constructor(judgement: Judgement, acknowledged: AcknowledgedNumbers) {
    this.#judgement = judgement;
    this.#acknowledged = acknowledged;
  }

  read(device: Device, page: Paged): void {
    const { t, stream, asked, from, to, rows, d, head, newest } = page;
    if (!this.#judgement.isOfLog(device.epoch)) return;
    // It may be of the log that was there when it was asked for.
    const { wasRestored } = this.#judgement.options;
    if (wasRestored === true && asked < device.epochAt) return;
    const stored = this.#judgement.log.streams.get(stream);
    const told = this.#acknowledged.highestBefore(stream, asked);
    const end = newest ? to : (head ?? Infinity);
    if (Math.min(end, head ?? Infinity) < told) {
      const words = `a page of ${stream} ends at ${Math.min(end, head ?? Infinity)}, but ${told} was acknowledged before it was asked for`;
      this.#tell(page, words);
    } else if (head !== null && to > head) {
      this.#tell(page, `a page of ${stream} goes up to ${to}, above ${head}`);
    } else if (stored === undefined || Math.max(to, head ?? 0) > stored.head) {
      const words = `a page of ${stream} goes up to ${Math.max(to, head ?? 0)}, and the log to ${stored?.head ?? 0}`;
      this.#judgement.unstored("O-5", t, device, words);
    } else if (
      stored.countMessages(from, to) !== rows ||
      stored.digestOfMessages(from, to) !== d
    ) {
      const words = `a page of ${stream} from ${from} to ${to} is not what the log has there (${rows} rows of ${stored.countMessages(from, to)})`;
      this.#judgement.unstored("O-5", t, device, words);
    }
  }

  #tell({ t, stream, c }: Paged, words: string): void {
    this.#judgement.findings.add({ rule: "O-5", t, words, stream, c });
  }
}
