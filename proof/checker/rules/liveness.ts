import type { Phase, Sent, ServerLife } from "../../history/record.ts";
import type { Connection } from "../devices.ts";
import type { Judgement } from "../judgement.ts";
import { defaults } from "../options.ts";
import type { Trouble } from "./trouble.ts";

/** A post that waits for its answer on one connection. */
interface Waiting {
  sent: Sent;
  connection: Connection;
}

/** What has to happen in time: L-1, L-2; and what must not happen at all: L-3. */
export class Liveness {
  readonly #judgement: Judgement;
  readonly #trouble: Trouble;
  /** In the order of sending; what is before `#first` is settled. */
  #line: Waiting[] = [];
  #first = 0;
  #dueAt = Infinity;
  #healedAt: number | undefined;
  readonly equalAfterMs: number[] = [];

  constructor(judgement: Judgement, trouble: Trouble) {
    this.#judgement = judgement;
    this.#trouble = trouble;
  }

  /** To be called with each record's time. */
  passed(t: number): void {
    if (t > this.#dueAt) this.#judgeUntil(t);
  }

  sent(connection: Connection, sent: Sent): void {
    connection.unanswered.add(sent.cid);
    this.#line.push({ sent, connection });
    if (this.#dueAt === Infinity) this.#dueAt = sent.t + this.#limit();
  }

  server({ t, node, is, injected }: ServerLife): void {
    if (is !== "exited") return;
    this.#judgement.lastServerEnd = t;
    if (injected === true) return;
    const words = `server ${node} ended by itself`;
    this.#judgement.findings.add({ rule: "L-3", t, words });
  }

  phase({ t, is }: Phase): void {
    switch (is) {
      case "healed":
        this.#healedAt = t;
        break;
      case "equal":
        if (this.#healedAt !== undefined) this.#equal(t - this.#healedAt, t);
        this.#healedAt = undefined;
        break;
      case "begun":
      case "over":
        break;
    }
  }

  end(t: number): void {
    this.passed(t);
    if (this.#healedAt !== undefined) {
      const words = "after the last fault the screens never became the same";
      this.#judgement.findings.add({ rule: "L-2", t: this.#healedAt, words });
    }
  }

  #limit(): number {
    return this.#judgement.options.answerMs ?? defaults.answerMs;
  }

  #equal(afterMs: number, t: number): void {
    this.equalAfterMs.push(afterMs);
    const limit = this.#judgement.options.equalMs ?? defaults.equalMs;
    if (afterMs <= limit) return;
    const words = `the screens were the same ${Math.round(afterMs)} ms after the last fault`;
    this.#judgement.findings.add({ rule: "L-2", t, words });
  }

  #judgeUntil(t: number): void {
    for (;;) {
      const waiting = this.#line[this.#first];
      this.#dueAt = waiting ? waiting.sent.t + this.#limit() : Infinity;
      if (waiting === undefined || this.#dueAt >= t) break;
      this.#judge(waiting);
      this.#first += 1;
    }
    if (this.#first > 10_000) {
      this.#line = this.#line.slice(this.#first);
      this.#first = 0;
    }
  }

  #judge({ sent, connection }: Waiting): void {
    const { t, cid, stream, c } = sent;
    if (!connection.unanswered.has(cid)) return;
    const dueAt = t + this.#limit();
    const wasUp = connection.closedAt > dueAt;
    // A fault at the beginning, or one that is over, may have taken it along.
    if (!wasUp || this.#trouble.lastAt(dueAt) >= t) return;
    const words = `${cid} was not answered, and nothing was wrong`;
    this.#judgement.findings.add({ rule: "L-1", t, words, stream, cid, c });
  }
}
