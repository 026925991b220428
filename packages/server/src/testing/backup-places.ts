import { Database } from "bun:sqlite";
import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { backUp } from "../store/backup/back-up.ts";
import { contentsOfFolder, livedInFolder } from "./moved-place.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A data folder in which people lived, a backup of it, and room for more. */
export async function backupPlaces() {
  const source = await livedInFolder(200);
  const scratch = temporaryFolder();
  const backup = path.join(scratch, "backup.db");
  backUp({ folder: source.folder, to: backup });
  let count = 0;
  const newFolder = (): string => {
    count += 1;
    return path.join(scratch, `place-${count}`);
  };
  return {
    /** The data folder. */
    lived: source.folder,
    scratch,
    backup,
    /** The name of a folder that is not there yet. */
    newFolder,
    /** A folder as a server left it that was killed: the newest is in the log. */
    killedFolder: (): string => {
      const folder = newFolder();
      mkdirSync(folder);
      const live = path.join(scratch, "live.db");
      copyFileSync(backup, live);
      const database = new Database(live);
      database.run("pragma journal_mode = wal");
      database.run("update people set name = 'of the log'");
      for (const end of ["", "-wal"]) {
        copyFileSync(live + end, path.join(folder, `parley.db${end}`));
      }
      database.close();
      rmSync(live);
      return folder;
    },
    clear: async (): Promise<void> => {
      await source.clear();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** All rows, and apart from them the name of the log. */
export function logOf(folder: string) {
  const {
    meta = [],
    people = [],
    events = [],
    ...rows
  } = contentsOfFolder(folder);
  const [epoch = ""] = meta.filter((row) => row.includes('"epoch"'));
  const others = meta.filter((row) => row !== epoch);
  return { epoch, meta: others, people, events, rows };
}
