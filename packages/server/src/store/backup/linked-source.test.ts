import { afterAll, expect, test } from "bun:test";
import { symlinkSync } from "node:fs";
import path from "node:path";
import { backupPlaces, logOf } from "../../testing/backup-places.ts";
import { lockFolder } from "../sqlite/folder-lock.ts";
import { restore } from "./restore.ts";

// A backup that is named by a link, as "latest.db" is in many places.

const places = await backupPlaces();
afterAll(places.clear);
const { scratch, newFolder, killedFolder } = places;

function linkTo(folder: string, name: string): string {
  const link = path.join(scratch, name);
  symlinkSync(path.join(folder, "parley.db"), link);
  return link;
}

test("[P23] what a link names is restored with what is in its log, which lies beside the file and not beside the link", () => {
  const from = linkTo(killedFolder(), "latest.db");
  const folder = newFolder();
  restore({ folder, from, isReplacing: false });
  expect(logOf(folder).people.join()).toContain("of the log");
});

test("[P23] a running server's own file is refused by whatever name", () => {
  const source = killedFolder();
  const from = linkTo(source, "running.db");
  using lock = lockFolder(source);
  expect(lock).toBeDefined();
  expect(() =>
    restore({ folder: newFolder(), from, isReplacing: false }),
  ).toThrow(/in use by a running Parley/);
});

test("[P23] a data folder that is itself named by a link can be given a new start from its own file", () => {
  const source = killedFolder();
  const folder = path.join(scratch, "data");
  symlinkSync(source, folder);
  const from = path.join(folder, "parley.db");
  const { kept } = restore({ folder, from, isReplacing: true });
  expect(kept).toBeDefined();
  expect(logOf(source).people.join()).toContain("of the log");
});
