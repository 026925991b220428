import { copyFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { Database } from "bun:sqlite";
import type { PostingClient } from "../../packages/server/src/testing/posting-client.ts";

interface Row {
  seq: number;
  cid: string | null;
  text: string | null;
}

/** What is wrong with a database as a cut has left it. */
export interface Damage {
  /** Rules broken, as sentences that begin with a number; empty is what we promise. */
  violations: string[];
  /** Whether SQLite itself finds fault with the file. */
  isBad: boolean;
  /** Acknowledged messages that are not there, or not as they were. */
  lost: number;
}

/**
 * The log of one stream, as it was found after every cut so far. What stood
 * there once must stand there for ever; so after each cut only what came since
 * is compared with what the writers were told and shown, and all of it at the end.
 */
export class KeptLog {
  readonly #file: string;
  readonly #stream: string;
  /** The seq of each message found, by cid. */
  readonly #seqs = new Map<string, number>();
  #head = 0;

  constructor(file: string, stream: string) {
    this.#file = file;
    this.#stream = stream;
  }

  get head(): number {
    return this.#head;
  }

  isStored(cid: string): boolean {
    return this.#seqs.has(cid);
  }

  /**
   * While no server runs: what one has not synced yet would be missing from the
   * file. With `wholly`, from the first event on.
   */
  check(
    writers: readonly PostingClient[],
    { wholly = false }: { wholly?: boolean } = {},
  ): Damage {
    const violations: string[] = [];
    const before = this.#head;
    if (wholly) {
      this.#head = 0;
      this.#seqs.clear();
    }
    const { rows, isBad } = this.#readCopy(violations);
    for (const row of rows) this.#keep(row, writers, violations);
    if (this.#head < before) {
      violations.push(`[D-1] ${before} was the head, and now ${this.#head} is`);
    }
    let lost = 0;
    for (const writer of writers) {
      const told = wholly
        ? [...writer.acknowledged]
        : writer.takeAcknowledged();
      for (const [cid, seq] of told) {
        const found = this.#seqs.get(cid);
        if (found === seq) continue;
        lost += 1;
        violations.push(
          found === undefined
            ? `[D-1] lost: ${cid}, acknowledged at ${seq}`
            : `[D-3] ${cid} was acknowledged at ${seq} and is at ${found}`,
        );
      }
      // What somebody was shown was stored before that, whoever wrote it.
      for (const [seq, cid] of writer.takeSeen()) {
        if (this.#seqs.get(cid) === seq) continue;
        violations.push(`[D-6] ${cid} was shown at ${seq} and is not there`);
      }
    }
    return { violations, isBad, lost };
  }

  /** Of a copy: whoever opens the file itself would recover it before the server does. */
  #readCopy(violations: string[]): { rows: Row[]; isBad: boolean } {
    const folder = mkdtempSync(path.join(path.dirname(this.#file), "kept-"));
    try {
      const copy = path.join(folder, "parley.db");
      for (const end of ["", "-wal"]) {
        if (existsSync(this.#file + end)) {
          copyFileSync(this.#file + end, copy + end);
        }
      }
      using database = new Database(copy);
      return this.#read(database, violations);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  #read(
    database: Database,
    violations: string[],
  ): { rows: Row[]; isBad: boolean } {
    const sound = database.query("PRAGMA integrity_check").values();
    const foreign = database.query("PRAGMA foreign_key_check").values();
    if (String(sound) !== "ok") violations.push(`[P2] ${String(sound)}`);
    if (foreign.length > 0) violations.push(`[P2] ${String(foreign)}`);
    const rows = database
      .query<Row, [string, number]>(
        `select seq, cid, text from events left join messages using (stream, seq)
         where stream = ? and seq > ? order by seq`,
      )
      .all(this.#stream, this.#head);
    const head = database
      .query<{ head: number }, [string]>(
        "select head from streams where id = ?",
      )
      .get(this.#stream)?.head;
    const last = rows.at(-1)?.seq ?? this.#head;
    if (head !== last) {
      violations.push(
        `[D-5] ${head ?? 0} is the head, and ${last} the last event`,
      );
    }
    // Also what was compared after an earlier cut has to be there still.
    const count = database
      .query<{ count: number }, [string]>(
        "select count(*) as count from events where stream = ?",
      )
      .get(this.#stream)?.count;
    if (count !== this.#head + rows.length) {
      violations.push(
        `[D-1] ${count ?? 0} events are there instead of ${this.#head + rows.length}`,
      );
    }
    return { rows, isBad: String(sound) !== "ok" || foreign.length > 0 };
  }

  #keep(
    { seq, cid, text }: Row,
    writers: readonly PostingClient[],
    violations: string[],
  ): void {
    if (seq !== this.#head + 1) {
      violations.push(`[D-5] ${seq} comes after ${this.#head}`);
    }
    this.#head = seq;
    if (text === null || cid === null) return;
    const writer = writers.find(({ attempts }) => attempts.has(cid));
    const attempt = writer?.attempts.get(cid);
    if (attempt === undefined) violations.push(`[D-2] nobody sent ${cid}`);
    else if (attempt.text !== text) violations.push(`[D-7] changed: ${cid}`);
    const other = this.#seqs.get(cid);
    if (other !== undefined) {
      violations.push(`[D-3] ${cid} is at ${other} and at ${seq}`);
    }
    this.#seqs.set(cid, seq);
  }
}
