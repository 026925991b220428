import { textDigest, type Digest } from "../../history/digest.ts";
import type {
  Acknowledged,
  Crashed,
  Discarded,
  Refused,
  Sent,
  Wrote,
} from "../../history/record.ts";
import type { Devices } from "../devices.ts";
import type { Judgement } from "../judgement.ts";
import type { StoredMessage } from "../stored-log.ts";
import type { AcknowledgedNumbers } from "./acknowledged-numbers.ts";

/** What a device had not stored when it crashed so soon after, it may forget. */
const keepMs = 1_000;

interface Post {
  cid: string;
  stream: string;
  person: string;
  c: string;
  /** When it was written, or sent for the first time. */
  start: number;
  /** Undefined if nobody wrote it down: it was only sent. */
  h: Digest | undefined;
  /** The highest number of the stream that anybody had been told by then. */
  floor: number;
  /** Its number, once acknowledged; 0 before. */
  seq: number;
  okAt: number;
  attempts: number;
  /** When it was refused for good, and with which code, unless it was sent again. */
  refusedAt: number;
  refusal: string;
  hasEnded: boolean;
  hasFailed: boolean;
  /** The device crashed before it had to be stored there. */
  mayBeForgotten: boolean;
  /** Its number in the log. */
  stored: number;
  /** What was stored of it, may have gone with a log that an older one replaced. */
  isOfOtherLog: boolean;
}

/** What was written, and what became of it: D-1 to D-4, D-7, V-5, O-2, O-4. */
export class Posts {
  readonly #judgement: Judgement;
  readonly #acknowledged: AcknowledgedNumbers;
  readonly #posts = new Map<string, Post>();
  /** The newest posts of each device, for when it crashes. */
  readonly #newest = new Map<string, Post[]>();
  acknowledgedCount = 0;

  constructor(judgement: Judgement, acknowledged: AcknowledgedNumbers) {
    this.#judgement = judgement;
    this.#acknowledged = acknowledged;
  }

  get size(): number {
    return this.#posts.size;
  }

  #post({ t, p, c, cid, stream }: Wrote | Sent | Acknowledged): Post {
    const known = this.#posts.get(cid);
    if (known !== undefined) return known;
    const post: Post = {
      cid,
      stream,
      person: p,
      c,
      start: t,
      h: undefined,
      floor: this.#acknowledged.highest(stream),
      seq: 0,
      okAt: 0,
      attempts: 0,
      refusedAt: 0,
      refusal: "",
      hasEnded: false,
      hasFailed: false,
      mayBeForgotten: false,
      stored: 0,
      isOfOtherLog: false,
    };
    this.#posts.set(cid, post);
    return post;
  }

  /** Of what a post says, as it was written down. */
  textOf(cid: string): Digest | undefined {
    return this.#posts.get(cid)?.h ?? this.#judgement.options.texts?.get(cid);
  }

  wrote(record: Wrote): void {
    const post = this.#post(record);
    post.h = record.h;
    // Tried again after it had failed: it has to end once more.
    post.hasEnded = false;
    const newest = this.#newest.get(record.c);
    if (newest === undefined) this.#newest.set(record.c, [post]);
    else {
      const oldest = newest[0];
      if (oldest !== undefined && oldest.start < record.t - 2 * keepMs) {
        const isNew = (one: Post) => one.start >= record.t - keepMs;
        this.#newest.set(record.c, newest.filter(isNew).concat(post));
      } else newest.push(post);
    }
  }

  sent(record: Sent, isOfLog: boolean): void {
    const post = this.#post(record);
    post.attempts += 1;
    post.isOfOtherLog = !isOfLog;
    // Whatever was said of it before, it may be stored by this attempt.
    post.refusedAt = 0;
  }

  ok(record: Acknowledged, isOfLog: boolean): void {
    const { findings } = this.#judgement;
    const { t, c, cid, stream, seq } = record;
    const post = this.#post(record);
    post.hasEnded = true;
    if (!isOfLog) {
      post.isOfOtherLog = true;
      return;
    }
    if (post.seq === 0) this.acknowledgedCount += 1;
    else if (post.seq !== seq) {
      const words = `${cid} was acknowledged as ${post.seq}, and now as ${seq}`;
      findings.add({ rule: "D-3", t, words, stream, cid, c });
    }
    post.seq = seq;
    post.okAt = t;
    this.#acknowledged.add(stream, seq, t);
  }

  /** It waits on a screen of this log: whatever became of it in another. */
  pending(cid: string): void {
    const post = this.#posts.get(cid);
    if (post !== undefined) post.isOfOtherLog = false;
  }

  refused({ t, cid, code, retryable }: Refused): void {
    const post = this.#posts.get(cid);
    if (post === undefined || retryable) return;
    post.refusedAt = t;
    post.refusal = code;
  }

  /** It is shown as failed. */
  failed(cid: string): void {
    const post = this.#posts.get(cid);
    if (post === undefined) return;
    post.hasEnded = true;
    post.hasFailed = true;
  }

  discarded({ cid }: Discarded): void {
    const post = this.#posts.get(cid);
    if (post !== undefined) post.hasEnded = true;
  }

  crashed({ t, c }: Crashed): void {
    for (const post of this.#newest.get(c) ?? []) {
      if (post.start >= t - keepMs) post.mayBeForgotten = true;
    }
    this.#newest.delete(c);
  }

  /** Posts of which nobody was told whether they are stored. */
  unknownCount(): number {
    let count = 0;
    for (const {
      attempts,
      seq,
      refusedAt,
      isOfOtherLog,
    } of this.#posts.values())
      if (attempts > 0 && seq === 0 && refusedAt === 0 && !isOfOtherLog) {
        count += 1;
      }
    return count;
  }

  end(devices: Devices): void {
    const { log } = this.#judgement;
    const lost: Post[] = [];
    /** The highest number of each device in each room so far. */
    const lines = new Map<string, Map<string, Post>>();
    for (const post of this.#posts.values()) {
      const stored = log.byCid.get(post.cid);
      if (stored === undefined) {
        if (post.seq > 0) lost.push(post);
        else this.#judgeEnd(post, devices);
        continue;
      }
      this.#judgeStored(post, stored);
      post.stored = stored.event.seq;
      if (!post.hasFailed) this.#judgeOrder(post, lines);
    }
    this.#tellLost(lost);
    this.#findPhantoms();
  }

  #tell(rule: string, post: Post, t: number, words: string): void {
    const { cid, c, stream } = post;
    this.#judgement.findings.add({ rule, t, words, stream, cid, c });
  }

  /** Whoever is not told of a failure takes it for sent. */
  #judgeEnd(post: Post, devices: Devices): void {
    if (post.hasEnded || post.mayBeForgotten || post.h === undefined) return;
    // Its event was there, and nobody writes down that the row was confirmed.
    if (post.isOfOtherLog) return;
    // Signing out wipes what was written, and in a room that was left nobody sees it.
    const wasSignedOut = (devices.all.get(post.c)?.endedAt ?? 0) < Infinity;
    if (wasSignedOut || (post.refusedAt > 0 && this.#wasOut(post))) return;
    const words = `${post.cid} is neither stored, nor failed, nor discarded`;
    this.#tell("V-5", post, post.start, words);
  }

  #judgeStored(post: Post, { stream, event }: StoredMessage): void {
    const { cid, h, seq, okAt, refusedAt, floor } = post;
    if (event.by !== post.person || stream !== post.stream) {
      const words = `${cid} of ${post.person} in ${post.stream} is stored as one of ${event.by} in ${stream}`;
      this.#tell("D-7", post, post.start, words);
    } else if (
      h !== undefined &&
      event.deleted !== true &&
      textDigest(event.text ?? "") !== h
    ) {
      this.#tell("D-7", post, post.start, `${cid} has another text in the log`);
    }
    if (seq > 0 && seq !== event.seq) {
      const words = `${cid} was acknowledged as ${seq} and is ${event.seq}`;
      this.#tell("D-3", post, okAt, words);
    }
    if (refusedAt > 0 && !this.#isOfLeftRoom(post)) {
      const words = `${cid} was refused for good (${post.refusal}) and is stored as ${event.seq}`;
      this.#tell("D-4", post, refusedAt, words);
    }
    if (event.seq <= floor) {
      const words = `${cid} is ${event.seq}, but ${floor} was acknowledged before it was written`;
      this.#tell("O-4", post, post.start, words);
    }
  }

  /**
   * Who has left a room learns nothing of it, not even that an earlier attempt
   * was stored before they left: then "not found" says nothing of the message.
   */
  #isOfLeftRoom(post: Post): boolean {
    const isTold = post.refusal === "not_found";
    return post.attempts > 1 && isTold && this.#wasOut(post);
  }

  #wasOut({ stream, person }: Post): boolean {
    const { log, options } = this.#judgement;
    const stays = log.streams.get(stream)?.staysOf(person) ?? [];
    // With the log, a room or a membership may be gone.
    if (options.wasRestored === true && stays.at(-1)?.left !== Infinity) {
      return true;
    }
    return stays.some(({ left }) => left < Infinity);
  }

  #judgeOrder(post: Post, lines: Map<string, Map<string, Post>>): void {
    let ofDevice = lines.get(post.c);
    if (ofDevice === undefined) {
      ofDevice = new Map();
      lines.set(post.c, ofDevice);
    }
    const last = ofDevice.get(post.stream);
    if (last !== undefined && last.stored > post.stored) {
      const words = `${post.cid} is ${post.stored}, but ${last.cid}, written before it, is ${last.stored}`;
      this.#tell("O-2", post, post.start, words);
    } else ofDevice.set(post.stream, post);
  }

  /** Where in a sender's line the lost ones stand says who may have lost them. */
  #tellLost(lost: readonly Post[]): void {
    if (lost.length === 0) return;
    const kept = new Map<string, { first: number; last: number }>();
    for (const { cid, c, stream, seq } of this.#posts.values()) {
      if (seq === 0 || !this.#judgement.log.byCid.has(cid)) continue;
      const line = kept.get(`${c} ${stream}`);
      if (line === undefined)
        kept.set(`${c} ${stream}`, { first: seq, last: seq });
      else {
        line.first = Math.min(line.first, seq);
        line.last = Math.max(line.last, seq);
      }
    }
    for (const post of lost) {
      const line = kept.get(`${post.c} ${post.stream}`);
      const words = `${post.cid} was acknowledged as ${post.seq} and is not in the log: ${place(post.seq, line)} of what ${post.c} had acknowledged there`;
      this.#tell("D-1", post, post.okAt, words);
    }
  }

  #findPhantoms(): void {
    const { log, options, findings } = this.#judgement;
    for (const { stream, event } of log.byCid.values()) {
      const { seq, cid, by } = event;
      if (cid === null || this.#posts.has(cid)) continue;
      if (seq <= (options.before?.get(stream) ?? 0)) continue;
      if (options.unrecorded?.has(by) === true) continue;
      const words = `nobody wrote ${cid}, which is ${seq} in ${stream}`;
      findings.add({ rule: "D-2", t: 0, words, stream, cid });
    }
  }
}

function place(
  seq: number,
  kept: { first: number; last: number } | undefined,
): string {
  if (kept === undefined) return "all";
  if (seq < kept.first) return "the beginning (prefix)";
  return seq > kept.last ? "the end (postfix)" : "the middle";
}
