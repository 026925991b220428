import { afterAll, describe, expect, test } from "bun:test";
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { backupPlaces } from "../../testing/backup-places.ts";
import { contentsOfFolder } from "../../testing/moved-place.ts";
import { backUp } from "./back-up.ts";
import { BackupError } from "./backup-error.ts";

const places = await backupPlaces();
afterAll(places.clear);
const { lived, scratch, newFolder } = places;

describe("a backup", () => {
  test("[P23] is one file for its owner alone, with every row, and the server's file is as it was", () => {
    const before = contentsOfFolder(lived);
    const to = path.join(scratch, "rows.db");
    const { messages, file } = backUp({ folder: lived, to });
    expect(file).toBe(to);
    expect(messages).toBe(before["messages"]?.length ?? -1);
    expect(statSync(to).mode & 0o777).toBe(0o600);
    const folder = newFolder();
    mkdirSync(folder);
    copyFileSync(to, path.join(folder, "parley.db"));
    expect(contentsOfFolder(folder)).toEqual(before);
    expect(contentsOfFolder(lived)).toEqual(before);
  });

  test("[P23] overwrites nothing, and takes away what a killed one left", () => {
    const to = path.join(scratch, "taken.db");
    writeFileSync(to, "mine");
    expect(() => backUp({ folder: lived, to })).toThrow(/overwrites/);
    expect(readFileSync(to, "utf8")).toBe("mine");
    rmSync(to);
    // No process has the first number; the second's is this one.
    const left = `${to}.4194305-abcdef.part`;
    const running = `${to}.${process.pid}-abcdef.part`;
    for (const file of [left, running]) writeFileSync(file, "half");
    backUp({ folder: lived, to });
    expect(
      readdirSync(scratch)
        .filter((name) => name.startsWith("taken.db"))
        .sort(),
    ).toEqual(["taken.db", path.basename(running)]);
  });

  const strange = path.join(scratch, "strange");
  mkdirSync(strange);
  writeFileSync(path.join(strange, "parley.db"), "not a database".repeat(99));
  for (const [what, folder, to, sentence] of [
    ["no data folder", newFolder(), "a.db", /There is no database in/],
    ["a folder that is not there", lived, "x/a.db", /no folder/],
    [
      "another kind of file",
      strange,
      "a.db",
      /cannot be read \(it is not a database\)/,
    ],
  ] as const) {
    test(`is refused with a sentence: ${what}`, () => {
      const make = () => backUp({ folder, to: path.join(scratch, to) });
      expect(make).toThrow(BackupError);
      expect(make).toThrow(sentence);
    });
  }
});
