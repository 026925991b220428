import { Database } from "bun:sqlite";
import path from "node:path";

/** Another Parley has this data folder. */
export class FolderInUseError extends Error {}

/**
 * Holds a data folder for this process alone, by an exclusive transaction on a
 * tiny database beside the real one. The operating system releases it however
 * the process ends, which no file with a process number in it can promise.
 * Throws FolderInUseError.
 */
export function lockFolder(folder: string): Disposable {
  const database = new Database(path.join(folder, "lock.db"), {
    create: true,
    readwrite: true,
  });
  try {
    database.run("PRAGMA busy_timeout = 0");
    database.run("PRAGMA locking_mode = EXCLUSIVE");
    database.run("BEGIN EXCLUSIVE");
  } catch (cause) {
    database.close();
    throw new FolderInUseError(
      `Another Parley is running with this data folder. Stop it, or give this one a folder of its own with PARLEY_DATA (it is "${folder}").`,
      { cause },
    );
  }
  return {
    [Symbol.dispose]: () => {
      database.run("ROLLBACK");
      database.close();
    },
  };
}
