import type { Seen, SeenEnter } from "../../e2e/screens/seen.ts";
import { messageDigest, type Digest } from "../history/digest.ts";
import type { FinalLog } from "../history/record.ts";
import { drawnText } from "./drawn-text.ts";
import type { TabFile } from "./tab-file.ts";

interface Written {
  by: string;
  text: string;
}

/**
 * Whose a row is and what was written in it. A page draws a text, and does not
 * say what it was: that is known from the posts that went out of the tabs, or
 * else from the log.
 */
export class WrittenTexts {
  readonly #byCid = new Map<string, Written>();
  readonly #drawn = new Map<string, string>();
  /** By person and text, which nobody writes twice. */
  readonly #cids = new Map<string, string>();
  /** By person and text as drawn: of what was shown as waiting. */
  readonly #waiting = new Map<string, string>();

  constructor(tabs: readonly TabFile[], log: FinalLog) {
    for (const { person, records } of tabs) {
      for (const record of records) this.#take(person, record as Seen);
    }
    for (const events of log.streams.values()) {
      for (const { cid, by, text } of events) {
        if (cid === null || text === null) continue;
        this.#know(cid, { by, text });
      }
    }
  }

  /** The cid that a text got; undefined if nothing was ever seen of it. */
  cidOf(person: string, { text }: SeenEnter): string | undefined {
    return (
      this.#cids.get(keyOf(person, text)) ??
      this.#waiting.get(keyOf(person, drawnText(text)))
    );
  }

  /**
   * Of a row as it was shown. If what it shows is not what was written, then
   * the digest is of what it shows, which no log has.
   */
  digestOf(seq: number, cid: string, shown: string): Digest {
    const written = this.#byCid.get(cid);
    const by = written?.by ?? "nobody";
    const isRight = written !== undefined && this.#drawnOf(cid) === shown;
    return messageDigest({
      seq,
      by,
      cid,
      text: isRight ? written.text : shown,
    });
  }

  #drawnOf(cid: string): string {
    let drawn = this.#drawn.get(cid);
    if (drawn === undefined) {
      drawn = drawnText(this.#byCid.get(cid)?.text ?? "");
      this.#drawn.set(cid, drawn);
    }
    return drawn;
  }

  #take(person: string, record: Seen): void {
    if (record.k === "socket" && record.is === "out") {
      for (const post of postsIn(record.text ?? "")) {
        this.#know(post.cid, { by: person, text: post.text });
      }
    } else if (record.k === "rows") {
      for (const row of record.rows) {
        if (row === "hole" || row[0] !== null) continue;
        this.#waiting.set(keyOf(person, row[3]), row[1]);
      }
    }
  }

  #know(cid: string, written: Written): void {
    if (!this.#byCid.has(cid)) this.#byCid.set(cid, written);
    const key = keyOf(written.by, written.text);
    if (!this.#cids.has(key)) this.#cids.set(key, cid);
  }
}

function keyOf(person: string, text: string): string {
  return `${person} ${text}`;
}

function postsIn(frame: string): { cid: string; text: string }[] {
  if (!frame.includes('"message.post"')) return [];
  const objects = [JSON.parse(frame) as object].flat() as {
    type: string;
    cid: string;
    text: string;
  }[];
  return objects.filter(({ type }) => type === "message.post");
}
