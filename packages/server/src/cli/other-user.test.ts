import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../testing/temporary-folder.ts";

// Commands that are started by somebody else than who the data folder is for:
// it lets nobody else in, and they are told so, not that there is nothing.

setDefaultTimeout(30_000);

const main = path.join(import.meta.dir, "../main.ts");
const scratch = temporaryFolder();
const folder = path.join(scratch, "data");
const isRoot = process.getuid?.() === 0;

beforeAll(() => {
  chmodSync(scratch, 0o777);
  mkdirSync(folder);
  writeFileSync(path.join(folder, "parley.db"), "");
  // Root is let in everywhere, so there it is nobody who asks.
  chmodSync(folder, isRoot ? 0o700 : 0);
});

afterAll(() => {
  chmodSync(folder, 0o700);
  rmSync(scratch, { recursive: true, force: true });
});

function run(...words: string[]): { code: number | null; said: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [main, ...words],
    {
      encoding: "utf8",
      cwd: scratch,
      env: { PARLEY_DATA: folder, HOME: scratch },
      ...(isRoot ? { uid: 65_534, gid: 65_534 } : {}),
    },
  );
  return { code: status, said: `${stdout}${stderr}` };
}

test("doctor says that this user may not look into the folder, and who may", () => {
  const { code, said } = run("doctor", "http://127.0.0.1:1");
  expect(code).toBe(1);
  expect(said).toContain(`✖ data folder: "${folder}" cannot be written`);
  expect(said).toContain("sudo -u parley parley doctor");
});

test.each([
  [["backup", path.join(scratch, "copy.db")]],
  [["new-epoch"]],
  [["restore", path.join(folder, "parley.db"), "--data", scratch]],
])("%p says that this user may not", (words) => {
  expect(run(...words)).toEqual({
    code: 1,
    said: `parley: "${path.join(folder, "parley.db")}" cannot be read (this user may not).\n`,
  });
});
