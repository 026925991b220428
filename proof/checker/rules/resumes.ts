import type { Received, Resumed } from "../../history/record.ts";
import type { Connection, Following } from "../devices.ts";
import type { Judgement } from "../judgement.ts";

/**
 * The tail of a slow socket may be lost in the moment before the socket is cut:
 * then the connection ends so soon after, and the client resumes.
 */
const cutMsMax = 2_000;

/** Judged when its time has come: what follows may explain it. */
interface Suspicion {
  rule: "O-1" | "S-1";
  t: number;
  words: string;
  connection: Connection;
  stream: string;
  /** A repeat that began just where the client had asked from before. */
  wasAskedBefore: boolean;
  /** It came again because it was asked for again. */
  isExplained: boolean;
}

/** What each connection was sent has neither holes nor repeats: O-1 and S-1. */
export class Resumes {
  readonly #judgement: Judgement;
  #suspicions: Suspicion[] = [];
  #nextAt = Infinity;
  /** Repeats of a stream that is live, with the numbers at which they began. */
  readonly #repeats = new Map<Following, [from: number, Suspicion][]>();

  constructor(judgement: Judgement) {
    this.#judgement = judgement;
  }

  /** To be called with each record's time. */
  passed(t: number): void {
    if (t > this.#nextAt) this.#judgeUntil(t - cutMsMax);
  }

  received(connection: Connection, { t, stream, from, to }: Received): void {
    const following = connection.following(stream);
    const { state, first, cursor } = following;
    const isFirst = state !== "live" && first === 0;
    if (!isFirst && from === cursor + 1) following.cursor = to;
    else if (isFirst || state === "loose") {
      // What was on its way, and then the answer to a new question: `resumed`
      // tells where that had to begin.
      following.first = from;
      following.cursor = to;
    } else {
      following.cursor = Math.max(cursor, to);
      const isHole = from > cursor;
      const how = isHole ? "came after" : "came again after";
      const suspicion = this.#suspect(connection, stream, {
        ...{ rule: isHole ? "S-1" : "O-1", t },
        words: `${from} of ${stream} ${how} ${cursor}`,
        wasAskedBefore: from === following.have + 1,
      });
      if (!isHole) this.#repeated(following, from, suspicion);
    }
  }

  resumed(connection: Connection, record: Resumed): void {
    const { stream, have, got } = record;
    const following = connection.following(stream);
    if (got === "gone") {
      this.loosened(following);
      return;
    }
    if ("reset" in got) {
      following.have = got.reset;
      following.cursor = got.reset;
    } else {
      if (have === null) {
        this.#tell("S-1", connection, record, "it was asked for a page");
      } else this.#judgeSlice(connection, following, record, have, got.live);
      const again = this.#repeats.get(following);
      for (const [from, suspicion] of again ?? []) {
        // Asked again: what came twice was asked for twice.
        if (from > (have ?? 0)) suspicion.isExplained = true;
      }
      following.have = have ?? 0;
      following.cursor = got.live;
    }
    if (this.#repeats.size > 0) this.#repeats.delete(following);
    following.state = "live";
  }

  /** What came must be have + 1 … live, no more and no less. */
  #judgeSlice(
    connection: Connection,
    { state, first, cursor }: Following,
    record: Resumed,
    have: number,
    live: number,
  ): void {
    const came = state === "live" || first > 0;
    // What was on its way after an unfollow says nothing of this question.
    if (state === "loose" && live === have) return;
    // Who left and came back while they were live goes on from a later head.
    const end = came ? Math.max(cursor, have) : have;
    if (state === "asked" && came && first <= have) {
      const words = `${first} was replayed to a client that has ${have}`;
      this.#tell("O-1", connection, record, words);
    }
    if (live < have || end > live) {
      const words = `live at ${live}, but ${Math.max(have, end)} was there`;
      this.#tell("S-1", connection, record, words);
    } else if (end < live || (state !== "live" && came && first > have + 1)) {
      const sent = came ? `${first} to ${cursor}` : "nothing";
      this.#suspect(connection, record.stream, {
        ...{ rule: "S-1", t: record.t, wasAskedBefore: false },
        words: `${record.stream} went live at ${live} with ${sent} sent to a client that has ${have}`,
      });
    }
  }

  /**
   * Not followed any more, or they are out of the room: what is on its way may
   * still come, and nothing is promised until they ask again.
   */
  loosened(following: Following): void {
    following.state = "loose";
    following.first = 0;
  }

  end(t: number): void {
    this.#judgeUntil(t - cutMsMax);
    for (const suspicion of this.#suspicions) {
      // The connection may still be about to be cut.
      if (suspicion.rule === "O-1") this.#judge(suspicion);
    }
  }

  #repeated(following: Following, from: number, suspicion: Suspicion): void {
    const known = this.#repeats.get(following);
    if (known) known.push([from, suspicion]);
    else this.#repeats.set(following, [[from, suspicion]]);
  }

  #suspect(
    connection: Connection,
    stream: string,
    told: Omit<Suspicion, "connection" | "stream" | "isExplained">,
  ): Suspicion {
    const suspicion = { ...told, connection, stream, isExplained: false };
    this.#suspicions.push(suspicion);
    this.#nextAt = Math.min(this.#nextAt, told.t + cutMsMax);
    return suspicion;
  }

  #judgeUntil(t: number): void {
    const later: Suspicion[] = [];
    this.#nextAt = Infinity;
    for (const suspicion of this.#suspicions) {
      if (suspicion.t < t) this.#judge(suspicion);
      else {
        later.push(suspicion);
        this.#nextAt = Math.min(this.#nextAt, suspicion.t + cutMsMax);
      }
    }
    this.#suspicions = later;
  }

  #judge(suspicion: Suspicion): void {
    const { rule, t, words, connection, stream } = suspicion;
    const { wasAskedBefore, isExplained } = suspicion;
    const wasCut = connection.closedAt <= t + cutMsMax;
    if (rule === "S-1" ? wasCut : isExplained || (wasCut && wasAskedBefore)) {
      return;
    }
    const { c } = connection.device;
    this.#judgement.findings.add({ rule, t, words, stream, c });
  }

  #tell(
    rule: Suspicion["rule"],
    connection: Connection,
    { t, stream }: Resumed,
    words: string,
  ): void {
    const { c } = connection.device;
    this.#judgement.findings.add({ rule, t, words, stream, c });
  }
}
