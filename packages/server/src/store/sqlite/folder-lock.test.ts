import { afterAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "../../testing/temporary-folder.ts";
import { FolderInUseError, lockFolder } from "./folder-lock.ts";

const folder = temporaryFolder();
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Another process that holds the folder. */
async function holder(): Promise<Bun.Subprocess> {
  const script = path.join(import.meta.dir, "../../testing/hold-folder.ts");
  const child = Bun.spawn([process.execPath, script, folder], {
    stdout: "pipe",
  });
  const { value } = await child.stdout.getReader().read();
  expect(new TextDecoder().decode(value)).toBe("held\n");
  return child;
}

test("a folder is held by one at a time, and by the next when the first lets go", () => {
  const lock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(FolderInUseError);
  lock[Symbol.dispose]();
  lockFolder(folder)[Symbol.dispose]();
});

test("a folder that another process holds is refused with a sentence that names the setting", async () => {
  const child = await holder();
  expect(() => lockFolder(folder)).toThrow(
    /^Another Parley is running with this data folder\..*PARLEY_DATA/,
  );
  child.kill("SIGKILL");
  await child.exited;
});

test("[P1] the hold ends with the process, also when it was killed", async () => {
  const child = await holder();
  child.kill("SIGKILL");
  await child.exited;
  lockFolder(folder)[Symbol.dispose]();
});
