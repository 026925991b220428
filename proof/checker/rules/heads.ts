import type { Resumed } from "../../history/record.ts";
import type { Connection, Device } from "../devices.ts";
import type { Judgement } from "../judgement.ts";
import type { AcknowledgedNumbers } from "./acknowledged-numbers.ts";

/**
 * What a device has once been told exists goes on existing for it, through
 * reconnects, nodes and reloads (O-3), and numbers of another epoch
 * mean nothing (S-1).
 */
export class Heads {
  readonly #judgement: Judgement;
  readonly #acknowledged: AcknowledgedNumbers;

  constructor(judgement: Judgement, acknowledged: AcknowledgedNumbers) {
    this.#judgement = judgement;
    this.#acknowledged = acknowledged;
  }

  /** An event or a resume proved that this number exists. */
  seen(device: Device, stream: string, seq: number, t: number): void {
    const known = device.stream(stream);
    if (seq <= known.seen) return;
    known.seen = seq;
    known.seenAt = t;
  }

  /** What it had not stored is gone, and it does not know that it knew more. */
  crashed(device: Device): void {
    for (const known of device.streams.values()) known.seen = 0;
  }

  resumed({ device, name, epoch }: Connection, record: Resumed): void {
    const { t, stream, have, asked, got } = record;
    if (got === "gone") return;
    const head = "live" in got ? got.live : got.reset;
    const known = device.stream(stream);
    known.shownEpoch = epoch;
    if (known.epoch !== epoch) {
      const isOfOther =
        known.epoch !== undefined && !isFresh(device, name, epoch, record);
      if (isOfOther && have !== null && "live" in got) {
        const words = `${stream} went on at ${head}, from a number of another epoch`;
        this.#tell("S-1", record, words);
      }
      known.epoch = epoch;
      known.seen = 0;
      known.shownTo = 0;
      known.shownHead = 0;
    }
    if (head < known.seen && known.seenAt <= asked) {
      const words = `the head of ${stream} is ${head}, and was ${known.seen}`;
      this.#tell("O-3", record, words);
    }
    if (this.#judgement.options.isOneNode && this.#judgement.isOfLog(epoch)) {
      const told = this.#acknowledged.highestBefore(stream, asked);
      if (head < told) {
        const words = `the head of ${stream} is ${head}, but ${told} was acknowledged before it was asked for`;
        this.#tell("O-5", record, words);
      }
    }
    this.seen(device, stream, head, t);
  }

  #tell(rule: string, { t, stream, c }: Resumed, words: string): void {
    this.#judgement.findings.add({ rule, t, words, stream, c });
  }
}

/** Whether the number that was named can be one of this epoch. */
function isFresh(
  device: Device,
  conn: string,
  epoch: string | undefined,
  { of }: Resumed,
): boolean {
  if (of !== undefined) return of === epoch;
  return epoch === undefined || device.knewBefore(conn, epoch);
}
