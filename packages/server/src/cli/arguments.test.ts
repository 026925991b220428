import { describe, expect, test } from "bun:test";
import { readArguments } from "./arguments.ts";
import { UsageError } from "./usage-error.ts";

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

  test("migrate-to takes an address and a folder, in either order", () => {
    const address = "postgres://ann:word@db.example.org/parley?sslmode=require";
    const wanted = {
      command: "migrate-to",
      address,
      overrides: { data: "/srv/chat" },
    };
    for (const words of [
      ["migrate-to", address, "--data", "/srv/chat"],
      ["--data=/srv/chat", "migrate-to", address],
    ]) {
      expect(readArguments(words) as unknown).toEqual(wanted);
    }
    expect(readArguments(["migrate-to", address])).toMatchObject({
      overrides: {},
    });
  });

  test("backup, restore and new-epoch take a file and a folder", () => {
    const overrides = { data: "/srv/chat" };
    const data = ["--data", "/srv/chat"];
    for (const [words, asked] of [
      [["backup", "a.db"], { command: "backup", to: "a.db" }],
      [
        ["restore", "a.db"],
        { command: "restore", from: "a.db", isReplacing: false },
      ],
      [
        ["restore", "--replace", "a.db"],
        { command: "restore", from: "a.db", isReplacing: true },
      ],
      [["new-epoch"], { command: "new-epoch" }],
    ] as const) {
      expect(readArguments(words)).toMatchObject({ ...asked, overrides: {} });
      expect(readArguments([...words, ...data]) as object).toEqual({
        ...asked,
        overrides,
      });
    }
  });

  test("doctor takes an address, or none", () => {
    expect(readArguments(["doctor"])).toEqual({
      ...{ command: "doctor", url: undefined, asJson: false, idleSeconds: 0 },
      overrides: {},
    });
    const words = "doctor https://Chat.example.org/ --json --idle 60 --port 1";
    expect(readArguments(words.split(" "))).toEqual({
      command: "doctor",
      url: "https://chat.example.org",
      asJson: true,
      idleSeconds: 60,
      overrides: { port: "1" },
    });
  });

  test("[L-5] an address in the wrong place is not repeated with its password", () => {
    const address = "postgres://ann:p@ssword@db.example.org/parley";
    for (const words of [
      [address],
      ["serve", address],
      ["migrate-to", address, address],
      ["doctor", address],
      ["doctor", "https://ann:p@ssword@chat.example.org"],
      ["backup", "a.db", address],
      ["migrate-to", "postgres://ann:p@ssword@db.example.org"],
      ["migrate-to", "postgres://ann:p@ss#word@db.example.org/parley"],
    ]) {
      let said = "";
      try {
        readArguments(words);
      } catch (error) {
        said = String(error);
      }
      expect(said).toMatch(/no command|too many|must be an address/);
      expect(said).not.toContain("p@ss");
    }
  });

  const wrong: [string[], RegExp][] = [
    [["--prot", "9000"], /'--prot'/],
    [["-x"], /'-x'/],
    [["--port"], /--port/],
    [["--help=yes"], /--help/],
    [["start"], /There is no command "start"\./],
    [["migrate-to"], /migrate-to needs the address of a database/],
    [["migrate-to", ""], /migrate-to needs the address of a database/],
    [
      ["migrate-to", "nats://host:4222"],
      /The word after migrate-to must be an address like postgres:/,
    ],
    [
      ["migrate-to", "postgres://host/parley", "--port=1"],
      /--port means nothing to migrate-to\./,
    ],
    [["serve", "now"], /"now" is one word too many\./],
    [["serve", "--json"], /--json means nothing to serve\./],
    [["backup"], /backup needs the name of a file/],
    [["backup", "a.db", "b.db"], /"b\.db" is one word too many\./],
    [["backup", "a.db", "--replace"], /--replace means nothing to backup\./],
    [["restore"], /restore needs the name of a file/],
    [["new-epoch", "now"], /"now" is one word too many\./],
    [["doctor", "chat.example.org"], /must be an address like https:/],
    [["doctor", "ftp://chat.example.org"], /must be an address like https:/],
    [["doctor", "http://a.example/chat"], /without a path/],
    [
      ["doctor", "--idle", "5"],
      /--idle must be a whole number from 30 to 3600/,
    ],
  ];
  for (const [words, sentence] of wrong) {
    test(`${words.join(" ")} is refused with a sentence that names it`, () => {
      expect(() => readArguments(words)).toThrow(UsageError);
      expect(() => readArguments(words)).toThrow(sentence);
    });
  }
});
