import type { Shown, Wrote } from "../../history/record.ts";
import type { Device } from "../devices.ts";
import type { Judgement } from "../judgement.ts";
import type { Violation } from "../violation.ts";

/** What somebody wrote, until a screen shows it as stored. */
interface Unsent {
  cid: string;
  /** This page has shown its row: from then on it stays there. */
  isShown: boolean;
}

/**
 * A row that waits or has failed stands there until it is stored or thrown
 * away: it does not go out for a while, not even when another row says just the
 * same (V-5).
 */
export class UnsentRows {
  readonly #judgement: Judgement;
  /** By device, then by stream. */
  readonly #unsent = new Map<Device, Map<string, Unsent[]>>();
  /** Signing out takes them away, and may be written down a moment later. */
  readonly #found: { device: Device; violation: Violation }[] = [];

  constructor(judgement: Judgement) {
    this.#judgement = judgement;
  }

  wrote(device: Device, { stream, cid }: Wrote): void {
    let streams = this.#unsent.get(device);
    if (streams === undefined) {
      streams = new Map();
      this.#unsent.set(device, streams);
    }
    const unsent = { cid, isShown: false };
    const others = streams.get(stream);
    if (others) others.push(unsent);
    else streams.set(stream, [unsent]);
  }

  /** Whichever of a person's tabs did it: it may go from all screens. */
  discarded(cid: string): void {
    for (const streams of this.#unsent.values()) {
      for (const [stream, unsent] of streams) {
        const left = unsent.filter((one) => one.cid !== cid);
        if (left.length < unsent.length) streams.set(stream, left);
      }
    }
  }

  /** Another page begins: its rows are there once it has read what was kept. */
  booted(device: Device): void {
    for (const unsent of this.#unsent.get(device)?.values() ?? []) {
      for (const one of unsent) one.isShown = false;
    }
  }

  shown(device: Device, record: Shown): void {
    const { stream, to, head } = record;
    const streams = this.#unsent.get(device);
    const unsent = streams?.get(stream);
    if (streams === undefined || unsent === undefined) return;
    // Scrolled away from the end, its rows need not be there.
    if (unsent.length === 0 || to < head) return;
    const left = unsent.filter((one) => this.#isOpen(device, record, one));
    if (left.length < unsent.length) streams.set(stream, left);
  }

  /** Whether it still has to be looked for. */
  #isOpen(device: Device, record: Shown, one: Unsent): boolean {
    const { cid, isShown } = one;
    const { t, stream, to, pending, failed } = record;
    if (pending.includes(cid) || failed.includes(cid)) {
      one.isShown = true;
      return true;
    }
    const stored = this.#judgement.log.byCid.get(cid);
    if (stored?.stream === stream && stored.event.seq <= to) return false;
    if (!isShown) return true;
    const where = stored
      ? `is ${stored.event.seq} in the log`
      : "is not stored";
    const words = `${cid} stood there and is gone from the screen of ${stream}, which goes up to ${to}; it ${where}`;
    const { c } = device;
    const violation = { rule: "V-5", t, words, stream, cid, c };
    this.#found.push({ device, violation });
    return false;
  }

  end(): void {
    for (const { device, violation } of this.#found) {
      if (device.endedAt === Infinity) this.#judgement.findings.add(violation);
    }
  }
}
