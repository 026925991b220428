import { expect, test } from "bun:test";
import { columns, markdownTable } from "./table.ts";

test("columns line up and numbers stand to the right", () => {
  const table = markdownTable(columns(["server", "µs"], 1), [
    ["Parley", "5.2"],
    ["ws", "12.0"],
  ]);
  expect(table).toBe(
    [
      "| server |   µs |",
      "| ------ | ---: |",
      "| Parley |  5.2 |",
      "| ws     | 12.0 |",
    ].join("\n"),
  );
});

test("a bar in a cell does not end it", () => {
  const table = markdownTable(columns(["a"], 1), [["x|y"]]);
  expect(table).toContain("| x\\|y |");
});
