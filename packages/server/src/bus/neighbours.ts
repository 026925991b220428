import { z } from "zod";
import type { Logger } from "../log.ts";
import { unverified, type Envelope } from "./envelope.ts";
import { parse } from "./messages.ts";
import { nodesSubject } from "./subjects.ts";

/** Harmless, as the database's clock counts; but it may not be known. */
const clockMsMax = 10_000;

/** Whoever floods the subject is not remembered for ever. */
const toldMax = 100;

const name = z.string().min(1).max(128);
const announcement = z.object({
  instance: name,
  node: z.string().max(128),
  boot: name,
  /** Its clock, milliseconds since 1970. */
  now: z.int(),
});

/** Warns of nodes that are not as an operator would want them. */
export class Neighbours {
  readonly #self: { instance: string; node: string; boot: string };
  readonly #envelope: Envelope;
  readonly #log: Logger;
  readonly #onForged: () => void;
  readonly #told = new Set<string>();

  constructor(
    self: { instance: string; node: string; boot: string },
    surroundings: { envelope: Envelope; log: Logger; onForged: () => void },
  ) {
    this.#self = self;
    this.#envelope = surroundings.envelope;
    this.#log = surroundings.log;
    this.#onForged = surroundings.onForged;
  }

  /** What this node says of itself. */
  announcement(): Buffer {
    const text = JSON.stringify({ ...this.#self, now: Date.now() });
    return this.#envelope.seal(nodesSubject, text);
  }

  /** `isFresh`: it did not lie about while this process was stopped. */
  hear(data: Uint8Array, isFresh: boolean): void {
    if (data.length > 1_024) {
      this.#onForged();
      return;
    }
    // Others sign with secrets of their own: that they are there is all one
    // can know of them.
    const heard = announcement.safeParse(parse(unverified(data)));
    if (!heard.success) this.#onForged();
    else if (heard.data.instance !== this.#self.instance) {
      this.#tell(
        `instance ${heard.data.instance}`,
        { instance: heard.data.instance },
        "another Parley with a different database uses the same NATS; the two do not hear each other",
      );
    } else if (this.#envelope.open(nodesSubject, data) === undefined) {
      this.#onForged();
    } else this.#hearSibling(heard.data, isFresh);
  }

  #hearSibling(
    { node, boot, now }: z.output<typeof announcement>,
    isFresh: boolean,
  ): void {
    if (boot !== this.#self.boot && node === this.#self.node) {
      this.#tell(
        `boot ${boot}`,
        { node },
        "another node has the same name as this one; give each its own PARLEY_NODE",
      );
    }
    const aheadMs = now - Date.now();
    if (isFresh && Math.abs(aheadMs) > clockMsMax) {
      this.#tell(
        `clock ${boot}`,
        { node, aheadSeconds: Math.round(aheadMs / 1_000) },
        "another node's clock differs from this one's; messages are not affected, as the database's clock is used",
      );
    }
  }

  /** Once for each. */
  #tell(about: string, facts: object, sentence: string): void {
    if (this.#told.has(about) || this.#told.size >= toldMax) return;
    this.#told.add(about);
    this.#log.warn(facts, sentence);
  }
}
