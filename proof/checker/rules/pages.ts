import type { Paged } from "../../history/record.ts";
import type { Device } from "../devices.ts";
import type { Judgement } from "../judgement.ts";
import type { AcknowledgedNumbers } from "./acknowledged-numbers.ts";
import type { Slices } from "./slices.ts";

/** A page of history has all that was acknowledged before it was asked for, as it is (O-5). */
export class Pages {
  readonly #judgement: Judgement;
  readonly #acknowledged: AcknowledgedNumbers;
  readonly #slices: Slices;

  constructor(
    judgement: Judgement,
    acknowledged: AcknowledgedNumbers,
    slices: Slices,
  ) {
    this.#judgement = judgement;
    this.#acknowledged = acknowledged;
    this.#slices = slices;
  }

  /** Whether it is of this log: it may be of the one that was there when it was asked for. */
  isOfLog({ epoch, epochAt }: Device, { asked }: Paged): boolean {
    if (!this.#judgement.isOfLog(epoch)) return false;
    return this.#judgement.options.wasRestored !== true || asked >= epochAt;
  }

  read(device: Device, page: Paged): void {
    const { t, stream, asked, from, to, rows, d, head, newest } = page;
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
    } else {
      const wanted = stored.countMessages(from, to);
      const other = (): void => {
        const words = `a page of ${stream} from ${from} to ${to} is not what the log has there (${rows} rows of ${wanted})`;
        this.#judgement.unstored("O-5", t, device, words);
      };
      const slice = { from, to, without: page.deleted };
      const digest = stored.digestOfMessages(from, to);
      if (wanted !== rows) other();
      else this.#slices.compare({ stored, slice, d }, digest, other);
    }
  }

  #tell({ t, stream, c }: Paged, words: string): void {
    this.#judgement.findings.add({ rule: "O-5", t, words, stream, c });
  }
}
