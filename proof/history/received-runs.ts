import { addDigest, eventDigest, type Digest } from "./digest.ts";

interface Run {
  stream: string;
  from: number;
  to: number;
  d: Digest;
  since: number;
  deleted?: number[];
}

export interface ReceivedEvent {
  stream: string;
  seq: number;
  type: string;
  by: string;
  cid?: string | null;
  text?: string | null;
  deleted?: true;
}

/** So long a run may wait for its next event. */
const gatherMs = 200;

/**
 * Gathers what one connection received into runs of consecutive numbers, so
 * that a busy room is a few records a second and not thousands.
 */
export class ReceivedRuns {
  readonly #open = new Map<string, Run>();
  readonly #ended: (run: Run, now: number) => void;

  constructor(ended: (run: Run, now: number) => void) {
    this.#ended = ended;
  }

  add(event: ReceivedEvent, now: number): void {
    const { stream, seq } = event;
    const d = eventDigest(event);
    const run = this.#open.get(stream);
    if (run?.to === seq - 1 && now - run.since < gatherMs) {
      run.to = seq;
      run.d = addDigest(run.d, d);
      if (event.deleted) (run.deleted ??= []).push(seq);
      return;
    }
    if (run !== undefined) this.#ended(run, now);
    this.#open.set(stream, {
      ...{ stream, from: seq, to: seq, d, since: now },
      ...(event.deleted ? { deleted: [seq] } : {}),
    });
  }

  /** Ends the run of one stream, or of all: what comes next stands for itself. */
  end(now: number, stream?: string): void {
    for (const run of this.#open.values()) {
      if (stream !== undefined && run.stream !== stream) continue;
      this.#ended(run, now);
      this.#open.delete(run.stream);
    }
  }
}
