import type { Received, Resumed } from "../../history/record.ts";
import type { Connection } from "../devices.ts";
import type { Judgement } from "../judgement.ts";
import type { Stay, StoredStream } from "../stored-stream.ts";
import { toldBy, type Trouble } from "./trouble.ts";

/**
 * Nobody is sent what happens in a room while they are out of it, and
 * nobody anything after their session ended. What was said before they
 * came may be read, and one's own removal is still heard.
 */
export class Leaks {
  readonly #judgement: Judgement;
  readonly #trouble: Trouble;

  constructor(judgement: Judgement, trouble: Trouble) {
    this.#judgement = judgement;
    this.#trouble = trouble;
  }

  /** Answers whether their own removal was in it. To be called before the cursor moves. */
  received(
    connection: Connection,
    record: Received,
    stored: StoredStream | undefined,
  ): boolean {
    const { device } = connection;
    if (device.endedAt < Infinity) this.#judgeSession(connection, record);
    if (stored === undefined) return false;
    if (stored.owner !== undefined) {
      if (stored.owner !== device.person) {
        this.#tell(record, record.since, "it is somebody else's inbox");
      }
      return false;
    }
    const stays = stored.staysOf(device.person);
    // Nearly everybody stays where they are.
    if (stays.length === 1 && stays[0]?.left === Infinity) return false;
    return this.#judgeStays(connection, record, stays);
  }

  #judgeStays(
    connection: Connection,
    record: Received,
    stays: readonly Stay[],
  ): boolean {
    const { stream, from, to, since } = record;
    const last = stays.at(-1);
    if (last === undefined || to > last.left) {
      const words =
        last === undefined ? "was never in" : `left ${stream} at ${last.left}`;
      this.#tell(record, since, `${to} came, but ${record.p} ${words}`);
      return true;
    }
    const following = connection.following(stream);
    let heardRemoval = false;
    for (const [index, { left }] of stays.entries()) {
      if (from <= left && left <= to) heardRemoval = true;
      const next = stays[index + 1]?.joined ?? Infinity;
      if (next === Infinity || to <= left || from >= next) continue;
      if (following.state === "live") {
        const words = `${to} came, but ${record.p} was out from ${left} to ${next}`;
        this.#tell(record, since, words);
      } else {
        // Whoever is back may read it, if that is what they asked for.
        following.outside ??= { from: Math.max(from, left + 1), t: since };
      }
    }
    return heardRemoval && following.state === "live";
  }

  /** What came before the answer: was it asked for? */
  resumed(connection: Connection, record: Resumed): void {
    const { stream, have } = record;
    const following = connection.streams.get(stream);
    const outside = following?.outside;
    if (following === undefined || outside === undefined) return;
    following.outside = undefined;
    if (have === null || outside.from > have) return;
    const words = `${outside.from} came while they were out, and was not asked for`;
    this.#tell(record, outside.t, words);
  }

  #judgeSession({ device }: Connection, record: Received): void {
    const { t, stream, c, since } = record;
    // With the log, the end of the session is undone.
    const { wasRestored } = this.#judgement.options;
    const { endedAt, epochAt } = device;
    if (wasRestored === true && epochAt > endedAt) return;
    const { options } = this.#judgement;
    if (since <= toldBy(this.#trouble, options, endedAt, since)) return;
    const words = `${stream} was sent ${Math.round(since - endedAt)} ms after the session had ended`;
    this.#judgement.findings.add({ rule: "A-2", t, words, stream, c });
  }

  #tell(record: Received | Resumed, t: number, words: string): void {
    const { stream, c } = record;
    this.#judgement.findings.add({ rule: "A-1", t, words, stream, c });
  }
}
