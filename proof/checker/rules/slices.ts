import { addDigest, type Digest } from "../../history/digest.ts";
import type { Slice, StoredStream, TextOf } from "../stored-stream.ts";

/**
 * Compares what came, or is shown, with the log. A message that is deleted at
 * the end may have come with its text before: then that has to be what its
 * author wrote, which may stand later in the history than what came of it.
 */
export class Slices {
  readonly #textOf: TextOf;
  readonly #late: (() => void)[] = [];

  constructor(textOf: TextOf) {
    this.#textOf = textOf;
  }

  /** `other` is called, now or at the end, if it is something else than the log has. */
  compare(
    { stored, slice, d }: { stored: StoredStream; slice: Slice; d: Digest },
    wanted: Digest,
    other: () => void,
  ): void {
    const judge = (): boolean => {
      const texts = stored.digestOfTexts(slice, this.#textOf);
      if (texts === undefined) return false;
      if (addDigest(wanted, texts) !== d) other();
      return true;
    };
    if (!judge()) this.#late.push(judge);
  }

  /** Of what nobody has written down nothing can be said. */
  end(): void {
    for (const judge of this.#late) judge();
  }
}
