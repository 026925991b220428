import path from "node:path";
import { openDataFolder } from "../../data-folder.ts";
import { newToken } from "../../identifiers.ts";
import { lockFolder } from "../sqlite/folder-lock.ts";
import { openForWriting } from "../sqlite/open.ts";
import { BackupError, reasonOf } from "./backup-error.ts";
import { giveToOwnerOf } from "./durable-files.ts";
import {
  demandDatabase,
  demandKnownVersion,
  demandParley,
  type Database,
} from "./inspect-database.ts";

/**
 * Another name for the log, because it may have gone back: clients that were
 * further start fresh instead of resuming into what is other than they
 * remember (I2).
 */
export function renameLog(database: Database): string {
  const epoch = newToken(8);
  database.run("update meta set value = ? where key = 'epoch'", [epoch]);
  return epoch;
}

/**
 * The same for a data folder that was copied back by hand. Throws BackupError,
 * DataFolderError or FolderInUseError with a sentence.
 */
export function newEpochInFolder(folder: string): string {
  const absolute = path.resolve(folder);
  const file = demandDatabase(absolute);
  openDataFolder(absolute);
  using stack = new DisposableStack();
  stack.use(lockFolder(absolute));
  giveToOwnerOf(absolute, path.join(absolute, "lock.db"));
  try {
    const database = stack.use(openForWriting(file));
    demandParley(database, file);
    demandKnownVersion(database, file);
    return renameLog(database);
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(
      `The database "${file}" cannot be used (${reasonOf(error)}). Restore a backup with: parley restore FROM --replace`,
      { cause: error },
    );
  }
}
