import { describe, expect, test } from "bun:test";
import { readArguments, UsageError } from "./arguments.ts";

describe("the words after parley", () => {
  test("none means serve", () => {
    expect(readArguments([])).toEqual({ command: "serve", overrides: {} });
    expect(readArguments(["serve"])).toEqual({
      ...{ command: "serve", overrides: {} },
    });
  });

  test("--port and --data go before PORT and PARLEY_DATA, in either spelling and place", () => {
    const wanted = {
      command: "serve",
      overrides: { port: "9000", data: "/srv/chat" },
    };
    for (const words of [
      ["--port", "9000", "--data", "/srv/chat"],
      ["serve", "--port=9000", "--data=/srv/chat"],
      ["--data", "/srv/chat", "serve", "--port", "9000"],
    ]) {
      expect(readArguments(words) as unknown).toEqual(wanted);
    }
  });

  test("help and version are asked for in several ways, and win over everything", () => {
    for (const word of ["--help", "-h", "help"]) {
      expect(readArguments([word])).toEqual({ command: "help" });
    }
    for (const word of ["--version", "-v"]) {
      expect(readArguments([word])).toEqual({ command: "version" });
    }
    expect(readArguments(["nonsense", "--help"])).toEqual({ command: "help" });
  });

  const wrong: [string[], RegExp][] = [
    [["--prot", "9000"], /'--prot'/],
    [["-x"], /'-x'/],
    [["--port"], /--port/],
    [["--help=yes"], /--help/],
    [["start"], /There is no command "start"\./],
    [["serve", "now"], /"now" is one word too many\./],
  ];
  for (const [words, sentence] of wrong) {
    test(`${words.join(" ")} is refused with a sentence that names it`, () => {
      expect(() => readArguments(words)).toThrow(UsageError);
      expect(() => readArguments(words)).toThrow(sentence);
    });
  }
});
