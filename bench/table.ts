/** A column's heading; numbers are set to the right. */
export interface Column {
  heading: string;
  align: "left" | "right";
}

/** A Markdown table whose columns also line up when read as plain text. */
export function markdownTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const widths = columns.map(({ heading }, index) =>
    Math.max(3, heading.length, ...rows.map((row) => cell(row, index).length)),
  );
  const line = (texts: readonly string[]) => `| ${texts.join(" | ")} |`;
  const aligned = (row: readonly string[]) =>
    line(
      columns.map(({ align }, index) => {
        const width = widths[index] ?? 0;
        const text = cell(row, index);
        return align === "left" ? text.padEnd(width) : text.padStart(width);
      }),
    );
  const rule = columns.map(({ align }, index) => {
    const dashes = "-".repeat((widths[index] ?? 0) - 1);
    return align === "left" ? `-${dashes}` : `${dashes}:`;
  });
  return [
    aligned(columns.map(({ heading }) => heading)),
    line(rule),
    ...rows.map(aligned),
  ].join("\n");
}

/** A `|` in a cell would end it. */
function cell(row: readonly string[], index: number): string {
  return (row[index] ?? "").replaceAll("|", "\\|");
}

/** Short words for the columns of a table: `["server", "<p50", …]`. */
export function columns(
  headings: readonly string[],
  numbersFrom: number,
  numbersTo = headings.length,
): Column[] {
  return headings.map((heading, index) => ({
    heading,
    align: index >= numbersFrom && index < numbersTo ? "right" : "left",
  }));
}
