import {
  chownSync,
  closeSync,
  copyFileSync,
  existsSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import path from "node:path";

/** A file is on the disk, or a folder knows what is in it, only after this. */
export function sync(place: string): void {
  const handle = openSync(place, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * Gives a finished file its name, which nothing has: whoever takes that name
 * meanwhile is not overwritten. Throws EEXIST.
 */
export function publish(finished: string, name: string): void {
  sync(finished);
  try {
    linkSync(finished, name);
    rmSync(finished);
  } catch (error) {
    if (codeOf(error) === "EEXIST" || existsSync(name)) throw error;
    // Some file systems (FAT, some network drives) know no second names.
    renameSync(finished, name);
  }
  sync(path.dirname(name));
}

/** The same content under a second name that nothing has. */
export function keepAs(file: string, name: string): void {
  try {
    linkSync(file, name);
  } catch (error) {
    if (codeOf(error) === "EEXIST") throw error;
    copyFileSync(file, name);
    sync(name);
  }
}

/**
 * What root makes in somebody's folder has to be theirs: the server runs as
 * that user and could not open it.
 */
export function giveToOwnerOf(folder: string, file: string): void {
  if (process.getuid?.() !== 0 || !existsSync(file)) return;
  const { uid, gid } = statSync(folder);
  chownSync(file, uid, gid);
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
