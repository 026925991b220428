import { afterAll, expect, test } from "bun:test";
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findSocketPath, makeSocketPath, removeSocket } from "./socket-file.ts";

const root = mkdtempSync(path.join(tmpdir(), "parley-sockets-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function folderCalled(name: string): string {
  const folder = path.join(root, name);
  mkdirSync(folder);
  return folder;
}

test("the socket is in the folder, or, where that path is too long for one, in a folder of its own", () => {
  const short = folderCalled("short");
  expect(makeSocketPath(short)).toBe(path.join(short, "parley.sock"));
  expect(findSocketPath(short)).toBe(path.join(short, "parley.sock"));

  const long = folderCalled("long".repeat(30));
  const elsewhere = makeSocketPath(long);
  expect(Buffer.byteLength(elsewhere)).toBeLessThanOrEqual(100);
  expect(findSocketPath(long)).toBe(elsewhere);
  removeSocket(long);
  expect(existsSync(path.dirname(elsewhere))).toBe(false);
  expect(findSocketPath(long)).toBe(path.join(long, "parley.sock"));
});

// Only root can give a folder away.
test.skipIf(process.getuid?.() !== 0)(
  "[T59] a folder that another user made in its place is not asked, nor swept",
  () => {
    const long = folderCalled("swept".repeat(30));
    const elsewhere = path.dirname(makeSocketPath(long));
    chownSync(elsewhere, 65_534, 65_534);
    writeFileSync(path.join(elsewhere, "sock"), "");
    expect(findSocketPath(long)).toBe(path.join(long, "parley.sock"));
    removeSocket(long);
    expect(existsSync(path.join(elsewhere, "sock"))).toBe(true);
    rmSync(elsewhere, { recursive: true });
  },
);
