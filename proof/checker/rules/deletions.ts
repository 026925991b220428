import type { Deleted, Paged, Received, Shown } from "../../history/record.ts";
import type { Connection, Device, Devices } from "../devices.ts";
import type { Judgement } from "../judgement.ts";
import type { StoredStream } from "../stored-stream.ts";
import { toldBy, type Trouble } from "./trouble.ts";

/**
 * What a deleted message said is nowhere from the moment in which the deletion
 * is acknowledged: in no table, in nothing that is asked for later, and, once
 * all is quiet, on no screen (E-2).
 */
export class Deletions {
  readonly #judgement: Judgement;
  readonly #trouble: Trouble;
  /** When it was acknowledged for the first time, by stream and message. */
  readonly #acknowledged = new Map<string, Map<number, Deleted>>();
  count = 0;

  constructor(judgement: Judgement, trouble: Trouble) {
    this.#judgement = judgement;
    this.#trouble = trouble;
  }

  deleted(record: Deleted): void {
    const { stream, message } = record;
    let ofStream = this.#acknowledged.get(stream);
    if (ofStream === undefined) {
      ofStream = new Map();
      this.#acknowledged.set(stream, ofStream);
    }
    if (ofStream.has(message)) return;
    ofStream.set(message, record);
    this.count += 1;
  }

  /** Over a connection that was opened later it does not come any more. */
  received({ openedAt }: Connection, record: Received): void {
    const { since } = record;
    this.#judge(record, {
      ...{ begunAt: openedAt, cameAt: since, isPatient: !this.#isOneNode() },
      how: "came over a connection that was opened",
    });
  }

  /** A page over HTTP is read from the database; others a node may have at hand. */
  paged(record: Paged): void {
    const { t, asked, head } = record;
    const isPatient = head === null && !this.#isOneNode();
    this.#judge(record, {
      ...{ begunAt: asked, cameAt: t, isPatient },
      how: "came in a page that was asked for",
    });
  }

  #isOneNode(): boolean {
    return this.#judgement.options.isOneNode === true;
  }

  #judge(
    record: Received | Paged,
    when: { begunAt: number; cameAt: number; isPatient: boolean; how: string },
  ): void {
    const { stream, from, to, c } = record;
    const ofStream = this.#acknowledged.get(stream);
    const stored = this.#judgement.log.streams.get(stream);
    if (ofStream === undefined || stored === undefined) return;
    const { begunAt, cameAt, isPatient, how } = when;
    for (const { seq, cid } of stored.deletedIn(from, to)) {
      const known = ofStream.get(seq);
      if (known === undefined || known.t >= begunAt) continue;
      if (record.deleted?.includes(seq)) continue;
      const limit = isPatient
        ? toldBy(this.#trouble, this.#judgement.options, known.t, cameAt)
        : known.t;
      if (cameAt <= limit) continue;
      const words = `the text of ${seq} of ${stream} ${how} ${Math.round(begunAt - known.t)} ms after it was deleted`;
      const more = cid === null ? {} : { cid };
      this.#judgement.findings.add({
        ...{ rule: "E-2", t: cameAt, words, stream, c, ...more },
      });
    }
  }

  end(devices: Devices): void {
    this.#judgeLog();
    for (const device of devices.all.values()) {
      if (!device.isUp || device.endedAt < Infinity) continue;
      for (const [stream, { quiet }] of device.streams) {
        const stored = this.#judgement.log.streams.get(stream);
        const isIn = stored?.staysOf(device.person).at(-1)?.left === Infinity;
        if (quiet && stored && isIn) this.#judgeQuiet(device, quiet, stored);
      }
    }
  }

  #judgeQuiet({ c }: Device, shown: Shown, stored: StoredStream): void {
    const { t, stream, from, to } = shown;
    for (const { seq } of stored.deletedIn(from, to)) {
      if (shown.deleted?.includes(seq)) continue;
      const words = `${c} still shows what ${seq} of ${stream} said, which is deleted`;
      this.#judgement.findings.add({ rule: "E-2", t, words, stream, c });
    }
  }

  #judgeLog(): void {
    const { log, findings } = this.#judgement;
    for (const [stream, events] of log.final.streams) {
      const told = new Set(events.map(({ message }) => message));
      for (const { seq, type, text, deleted, cid } of events) {
        if (type !== "message.posted") continue;
        const isDeleted = deleted === true;
        if (isDeleted !== told.has(seq) || (isDeleted && text !== "")) {
          const words = isDeleted
            ? `${seq} of ${stream} is deleted, ${text === "" ? "and no event tells of it" : "and its text is still there"}`
            : `${seq} of ${stream} is not deleted, and an event says that it is`;
          const more = cid === null ? {} : { cid };
          findings.add({ rule: "E-2", t: 0, words, stream, ...more });
        }
        const known = this.#acknowledged.get(stream)?.get(seq);
        if (known === undefined || isDeleted) continue;
        const { t, c } = known;
        const words = `${seq} of ${stream} was acknowledged as deleted, and is not`;
        findings.add({ rule: "D-1", t, words, stream, c });
      }
    }
  }
}
