import {
  chmodSync,
  copyFileSync,
  existsSync,
  realpathSync,
  renameSync,
  rmSync,
} from "node:fs";
import path from "node:path";
import { openDataFolder } from "../../data-folder.ts";
import { lockFolder } from "../sqlite/folder-lock.ts";
import { databaseFile, openForWriting } from "../sqlite/open.ts";
import { BackupError, reasonOf } from "./backup-error.ts";
import { giveToOwnerOf, keepAs, sync } from "./durable-files.ts";
import {
  contentsOf,
  demandKnownVersion,
  demandParley,
  demandWhole,
  whatIs,
  type Contents,
} from "./inspect-database.ts";
import { renameLog } from "./new-epoch.ts";

export interface Restored extends Contents {
  folder: string;
  epoch: string;
  /** Where the database is now that was there before. */
  kept: string | undefined;
}

/** What SQLite keeps beside a database while it is in use, or after a crash. */
const besides = ["-wal", "-shm", "-journal"] as const;

/**
 * Puts a backup in the place of a data folder's database, under a new epoch. It
 * is copied, checked and changed beside; the name changes hands in one step, so
 * that a crash leaves the old or the new. Throws BackupError, FolderInUseError
 * or DataFolderError with a sentence.
 */
export function restore({
  folder: given,
  from,
  isReplacing,
  now = new Date(),
}: {
  folder: string;
  from: string;
  isReplacing: boolean;
  now?: Date;
}): Restored {
  // A link may name it, and what SQLite keeps beside it is where the file is.
  const backup = realFile(path.resolve(from));
  const folder = openDataFolder(given);
  const file = path.join(folder, databaseFile);
  using stack = new DisposableStack();
  stack.use(lockFolder(folder));
  giveToOwnerOf(folder, path.join(folder, "lock.db"));
  if (existsSync(file) && !isReplacing) {
    throw new BackupError(
      `There is a database in "${folder}" already. To put the backup in its place and keep the old one beside it, add --replace.`,
    );
  }
  if (path.dirname(backup) !== realpathSync(folder)) holdSource(stack, backup);
  const copy = `${file}.restoring`;
  // Nobody else is here: what lies about is of a restore that was killed.
  remove(copy);
  stack.defer(() => {
    remove(copy);
  });
  const made = makeCopy(backup, copy);
  giveToOwnerOf(folder, copy);
  sync(copy);
  const kept = keepOld(file, now);
  try {
    // The last step: before it the old one is in its place, after it the new.
    renameSync(copy, file);
    sync(folder);
  } catch (cause) {
    throw new BackupError(
      `The backup cannot be put in its place (${reasonOf(cause)}). The old database is where it was.`,
      { cause },
    );
  }
  return { folder, kept, ...made };
}

function realFile(backup: string): string {
  const found = whatIs(backup);
  if (found === undefined) {
    throw new BackupError(`There is no file "${backup}".`);
  }
  if (!found.isFile()) {
    throw new BackupError(
      `"${backup}" is not a file. Name the backup itself, such as ${path.join(backup, databaseFile)}`,
    );
  }
  return realpathSync(backup);
}

/** A running server's own file changes while it is copied. */
function holdSource(stack: DisposableStack, backup: string): void {
  const folder = path.dirname(backup);
  const isLive =
    path.basename(backup) === databaseFile &&
    existsSync(path.join(folder, "lock.db"));
  if (!isLive) return;
  try {
    stack.use(lockFolder(folder));
  } catch (cause) {
    throw new BackupError(
      `"${backup}" is in use by a running Parley. Make a backup of it with: parley backup TO.db --data ${folder}`,
      { cause },
    );
  }
}

/** One whole file with a new epoch; the backup itself is only read. */
function makeCopy(backup: string, copy: string): Contents & { epoch: string } {
  try {
    copyFileSync(backup, copy);
    // Of a folder that was copied by hand: the newest part is in the log.
    for (const end of ["-wal", "-journal"]) {
      if (existsSync(backup + end)) copyFileSync(backup + end, copy + end);
    }
    chmodSync(copy, 0o600);
    using database = openForWriting(copy);
    demandParley(database, backup);
    demandKnownVersion(database, backup);
    demandWhole(database, backup);
    // All into the one file; the server's start makes it a WAL again.
    database.run("pragma journal_mode = delete");
    const epoch = renameLog(database);
    return { epoch, ...contentsOf(database) };
  } catch (error) {
    if (error instanceof BackupError) throw error;
    throw new BackupError(
      `"${backup}" cannot be restored (${reasonOf(error)}). Nothing was changed.`,
      { cause: error },
    );
  }
}

/** Gives the old database a second name with the date, and leaves it in its place. */
function keepOld(file: string, now: Date): string | undefined {
  const date = now.toISOString().replaceAll(":", "-");
  const kept = path.join(path.dirname(file), `parley-before-${date}.db`);
  const isThere = existsSync(file);
  try {
    if (isThere) {
      makeOneFile(file);
      keepAs(file, kept);
    }
    // What is still beside it belongs to a database that is damaged or gone:
    // kept as it lies, because the new one would read it as its own.
    for (const end of besides) {
      if (!existsSync(file + end)) continue;
      keepAs(file + end, kept + end);
      sync(path.dirname(file));
      rmSync(file + end);
    }
    sync(path.dirname(file));
  } catch (cause) {
    throw new BackupError(
      `The old database cannot be kept as "${kept}" (${reasonOf(cause)}). It is where it was.`,
      { cause },
    );
  }
  return isThere ? kept : undefined;
}

/**
 * Takes what a crash left in the log into the file, so that its name alone
 * stands for the whole; unless it is too damaged for that, and then no server
 * could start on it either.
 */
function makeOneFile(file: string): void {
  try {
    using database = openForWriting(file);
    database.run("pragma wal_checkpoint(truncate)");
    database.run("pragma journal_mode = delete");
  } catch {
    // It stays as it is.
  }
}

function remove(copy: string): void {
  for (const end of ["", ...besides]) rmSync(copy + end, { force: true });
}
