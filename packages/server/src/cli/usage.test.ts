import { expect, test } from "bun:test";
import { usage, usageOf } from "./usage.ts";

test("whoever calls a command wrongly is told the forms of that one, and where the rest is", () => {
  expect(usageOf(["invite", "--uses", "many"])).toBe(
    `Usage: parley invite [--role ROLE] [--room ROOM]... [--bound] [--uses NUMBER]
                     [--hours NUMBER] [--note TEXT]

parley --help tells all commands and options.
`,
  );
  expect(usageOf(["room"]).match(/parley room/g)).toHaveLength(3);
});

test("where there is no such command, only where all of them are told", () => {
  for (const words of [["dance"], ["--nonsense"], ["use"], []]) {
    expect(usageOf(words)).toBe(
      "parley --help tells all commands and options.\n",
    );
  }
});

test("the whole of it fits a terminal of 80 columns", () => {
  for (const line of usage.split("\n")) {
    expect(line.length).toBeLessThanOrEqual(80);
  }
});
