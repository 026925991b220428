import { asking } from "./actors.ts";
import type { Asked } from "./ask.ts";
import { titleOf } from "./questions.ts";

const legend = `Who may what: every command and route, asked by everybody.

Columns are who asks: + are in the rooms that they ask about, ~ the same with a
password shown too long ago; roommod is a member who moderates them; visitors
are guests who are bound to rooms; suspended and ended have the cookie of a
session that is no more, nobody has none. Rows are what they ask about. Cells
are ok, or the code of the error or of the close; gone is what is said of a
stream that one may not follow; nothing is a list without it; a dot means that
there is no such thing.

Written by PARLEY_WRITE_GOLDEN=1 bun test packages/server/src/rights: read what
has changed, cell by cell, before it is committed.
`;

/** The tables of all questions, one below the other. */
export function tablesOf(results: readonly Asked[][]): string {
  return [legend, ...results.map(tableOf)].join("\n");
}

function tableOf(asked: readonly Asked[]): string {
  const question = asked[0]?.question;
  if (question === undefined) return "";
  const columns = asking.map(({ name }) => {
    const answers = asked.find(
      ({ part }) => part.asking.name === name,
    )?.answers;
    const cells = question.rows.map((row) => answers?.get(row)?.cell ?? ".");
    return [name, ...cells];
  });
  const all = [["", ...question.rows], ...columns];
  const lines = ["", ...question.rows].map((_, line) =>
    all
      .map((column) => {
        const width = Math.max(...column.map((cell) => cell.length));
        return (column[line] ?? "").padEnd(width);
      })
      .join("  ")
      .trimEnd(),
  );
  return `${[titleOf(question), ...lines].join("\n")}\n`;
}
