import type { Advance } from "../store/moving/progress.ts";

/** Often enough to see that it moves, and a log stays readable. */
const showEveryMs = 1_000;

interface Output {
  isTTY?: boolean;
  write: (text: string) => unknown;
}

/**
 * How far a move has come: once a second, on a terminal always the same line.
 */
export class ProgressLine implements Disposable {
  readonly #output: Output;
  readonly #now: () => number;
  #shownAt = -Infinity;
  /** Whether the cursor stands behind a line that may be written over. */
  #isOpen = false;
  #phase = "";
  #since = { at: 0, done: 0 };

  constructor(output: Output, now = () => performance.now()) {
    this.#output = output;
    this.#now = now;
  }

  show({ step, table, done, total }: Advance): void {
    const at = this.#now();
    if (this.#phase !== `${step} ${table}`) {
      this.#phase = `${step} ${table}`;
      this.#since = { at, done };
    }
    if (at - this.#shownAt < showEveryMs) return;
    this.#shownAt = at;
    const seconds = (at - this.#since.at) / 1_000;
    const perSecond = Math.round((done - this.#since.done) / seconds);
    const speed = seconds > 0 ? `, ${count(perSecond)} rows/s` : "";
    this.#write(
      `  ${step} ${table}: ${count(done)} of ${count(total)} rows${speed}`,
    );
  }

  /** A line that stays. */
  say(text: string): void {
    this.end();
    this.#output.write(`${text}\n`);
  }

  /** What comes next begins on a line of its own. */
  end(): void {
    if (this.#isOpen) this.#output.write("\n");
    this.#isOpen = false;
  }

  [Symbol.dispose](): void {
    this.end();
  }

  #write(line: string): void {
    if (this.#output.isTTY !== true) {
      this.#output.write(`${line}\n`);
      return;
    }
    // Back to the beginning, and away with what was longer.
    this.#output.write(`\r\u001b[K${line}`);
    this.#isOpen = true;
  }
}

function count(rows: number): string {
  return rows.toLocaleString("en");
}
