import type { SeenRow, SeenRows } from "../../e2e/screens/seen.ts";
import { addDigest, type Digest } from "../history/digest.ts";
import { flawIn } from "../history/recorded-screen.ts";
import type { Shown } from "../history/record.ts";
import type { WrittenTexts } from "./written-texts.ts";

type StoredRow = [seq: number, cid: string, status: string, text: string];

interface Run {
  from: number;
  to: number;
  rows: number;
  d: Digest;
  messages: { seq: number; cid: string }[];
}

/** What a record of a screen has that comes from its rows. */
export type ShownRows = Pick<
  Shown,
  "from" | "to" | "rows" | "d" | "older" | "pending" | "failed"
> & { flaw?: string };

/** The rows of one page, put together again from what changed in them. */
export class SeenScreen {
  stream = "";
  rows: readonly SeenRow[] = [];
  readonly #texts: WrittenTexts;

  constructor(texts: WrittenTexts) {
    this.#texts = texts;
  }

  take({ stream, same, rows }: SeenRows): void {
    const before = stream === this.stream ? this.rows : [];
    const [top, end] = same;
    this.stream = stream;
    this.rows = [
      ...before.slice(0, top),
      ...rows,
      ...before.slice(before.length - end),
    ];
  }

  /** Undefined where nothing stands that claims anything. */
  shown(): ShownRows | undefined {
    const runs = this.#runs();
    const newest = runs.at(-1);
    const pending = this.#unconfirmed("waiting");
    const failed = this.#unconfirmed("failed");
    if (newest === undefined) return undefined;
    const flaw = this.#flaw(runs, [...pending, ...failed]);
    return {
      ...claimOf(newest),
      ...(runs.length > 1 ? { older: runs.slice(0, -1).map(claimOf) } : {}),
      ...{ pending, failed },
      ...(flaw === undefined ? {} : { flaw }),
    };
  }

  #runs(): Run[] {
    const runs: Run[] = [];
    let run: Run | undefined;
    for (const row of this.rows) {
      if (row === "hole") run = undefined;
      else if (row[0] !== null) {
        const [seq, cid, , text] = row as StoredRow;
        if (run === undefined) {
          run = { from: seq, to: seq, rows: 0, d: 0, messages: [] };
          runs.push(run);
        }
        run.to = Math.max(run.to, seq);
        run.rows += 1;
        run.d = addDigest(run.d, this.#texts.digestOf(seq, cid, text));
        run.messages.push({ seq, cid });
      }
    }
    return runs;
  }

  #unconfirmed(status: "waiting" | "failed"): string[] {
    return this.rows.flatMap((row) =>
      row !== "hole" && row[0] === null && row[2] === status ? [row[1]] : [],
    );
  }

  /** What is wrong with the rows whatever the log says. */
  #flaw(runs: readonly Run[], pending: readonly string[]): string | undefined {
    const messages = runs.flatMap((run) => run.messages);
    const from = messages[0]?.seq ?? 0;
    const to = runs.at(-1)?.to ?? 0;
    const cids = pending.map((cid) => ({ cid }));
    const isAmong = this.rows.findIndex((row) => row !== "hole" && !row[0]);
    const isBelow = this.rows.findLastIndex((row) => row !== "hole" && row[0]);
    if (isAmong !== -1 && isAmong < isBelow) {
      return "[V-2] a row that is not confirmed stands above one that is";
    }
    if (new Set(pending).size < pending.length) {
      return "[V-1] a row that is not confirmed stands there twice";
    }
    return flawIn({ from, to, messages, pending: cids });
  }
}

function claimOf({ from, to, rows, d }: Run): Omit<Run, "messages"> {
  return { from, to, rows, d };
}
