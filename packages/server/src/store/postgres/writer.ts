import { ParleyError } from "@parley/protocol";
import { crc32 } from "node:zlib";
import { touchedStreams } from "../writes/touched-streams.ts";
import type { WriteInput, WriteName, WriteResult } from "../writes/writes.ts";
import { Lane, type LaneSurroundings, type WaitingWrite } from "./lane.ts";

/** Writes that may wait for a commit; more are refused with `unavailable`. */
const waitingMax = 10_000;

/**
 * Spreads writes over lanes by the stream that they are about, so that those
 * of one stream stay in order and share their commits.
 */
export class PostgresWriter {
  readonly #lanes: readonly Lane[];
  #waiting = 0;
  #lastId = 0;
  #isClosing = false;

  constructor(count: number, surroundings: LaneSurroundings) {
    this.#lanes = Array.from({ length: count }, () => new Lane(surroundings));
  }

  /**
   * Resolves when the write is on disk. Refused with a code that is not
   * `retryable`, nothing of it is; otherwise it may be, should the connection
   * have been lost at the wrong moment: asked again with its cid, it tells (D-4).
   */
  async write<Name extends WriteName>(
    name: Name,
    input: WriteInput<Name>,
  ): Promise<WriteResult<Name>> {
    if (this.#isClosing || this.#waiting >= waitingMax) {
      throw new ParleyError("unavailable", { retryAfterMs: 1_000 });
    }
    this.#waiting += 1;
    this.#lastId += 1;
    const asked: Omit<WaitingWrite, "resolve" | "reject"> = {
      ...{ id: this.#lastId, name, input, askedAt: performance.now() },
    };
    try {
      return await new Promise<WriteResult<Name>>((resolve, reject) => {
        this.#laneOf(name, input)?.add({ ...asked, resolve, reject });
      });
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Answers what was asked before, then closes the connections. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.all(this.#lanes.map((lane) => lane.close()));
  }

  #laneOf(name: WriteName, input: unknown): Lane | undefined {
    const [stream = ""] = touchedStreams(name, input);
    return this.#lanes[crc32(stream) % this.#lanes.length];
  }
}
