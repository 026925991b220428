import { describe, expect, test } from "bun:test";
import { ProgressLine } from "./progress-line.ts";

/** A line on a screen whose text can be looked at, and a clock. */
function screen(isTTY: boolean) {
  const clock = { ms: 0 };
  const written: string[] = [];
  const output = { isTTY, write: (text: string) => written.push(text) };
  const line = new ProgressLine(output, () => clock.ms);
  return { clock, written, line };
}

const advance = { step: "copying", table: "messages", total: 9_000 } as const;

describe("how far a move has come", () => {
  test("is a line a second, with rows per second, where nobody watches", () => {
    const { clock, written, line } = screen(false);
    for (let done = 0; done <= 4_000; done += 100) {
      line.show({ ...advance, done });
      clock.ms += 50;
    }
    line.end();
    expect(written).toEqual([
      "  copying messages: 0 of 9,000 rows\n",
      "  copying messages: 2,000 of 9,000 rows, 2,000 rows/s\n",
      "  copying messages: 4,000 of 9,000 rows, 2,000 rows/s\n",
    ]);
  });

  test("is always the same line on a terminal, and what is said stands on its own", () => {
    const { clock, written, line } = screen(true);
    line.show({ ...advance, done: 0 });
    clock.ms += 1_000;
    line.show({ ...advance, done: 500 });
    line.say("Done");
    line.end();
    expect(written).toEqual([
      "\r\u001b[K  copying messages: 0 of 9,000 rows",
      "\r\u001b[K  copying messages: 500 of 9,000 rows, 500 rows/s",
      "\n",
      "Done\n",
    ]);
  });

  test("counts from where it went on, and anew in each table", () => {
    const { clock, written, line } = screen(false);
    line.show({ ...advance, done: 8_000 });
    clock.ms += 1_000;
    line.show({ ...advance, done: 8_100 });
    clock.ms += 1_000;
    line.show({ ...advance, step: "comparing", done: 5_000 });
    expect(written).toEqual([
      "  copying messages: 8,000 of 9,000 rows\n",
      "  copying messages: 8,100 of 9,000 rows, 100 rows/s\n",
      "  comparing messages: 5,000 of 9,000 rows\n",
    ]);
  });
});
