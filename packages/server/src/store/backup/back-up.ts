import { chmodSync, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { newToken } from "../../identifiers.ts";
import { openForReading } from "../sqlite/open.ts";
import { BackupError, reasonOf } from "./backup-error.ts";
import { publish } from "./durable-files.ts";
import {
  contentsOf,
  demandDatabase,
  demandParley,
  demandWhole,
  type Contents,
} from "./inspect-database.ts";

export interface BackedUp extends Contents {
  file: string;
  bytes: number;
}

/**
 * Copies a data folder's database into one file while people go on talking: as
 * it is at one moment, with everything acknowledged before (P23). Under its
 * name there is a whole backup or nothing. Throws BackupError with a sentence.
 */
export function backUp({
  folder,
  to,
}: {
  folder: string;
  to: string;
}): BackedUp {
  const file = demandDatabase(folder);
  const target = path.resolve(to);
  demandFreeName(target);
  removeUnfinished(target);
  const unfinished = `${target}.${process.pid}-${newToken(6)}${ending}`;
  try {
    copy(file, unfinished);
    const contents = check(unfinished);
    chmodSync(unfinished, 0o600);
    const bytes = statSync(unfinished).size;
    publish(unfinished, target);
    return { file: target, bytes, ...contents };
  } catch (error) {
    rmSync(unfinished, { force: true });
    if (error instanceof BackupError) throw error;
    if (existsSync(target)) throw nameIsTaken(target);
    throw new BackupError(
      `The backup "${target}" cannot be written (${reasonOf(error)}).`,
      { cause: error },
    );
  }
}

/** What a backup is called until it is whole; the process is in front. */
const ending = ".part";

/** A connection that cannot write; the server's own goes on beside it. */
function copy(file: string, unfinished: string): void {
  let database: ReturnType<typeof openForReading> | undefined;
  try {
    database = openSource(file);
    demandParley(database, file);
    database.run("vacuum into ?", [unfinished]);
  } finally {
    database?.close();
  }
}

function openSource(file: string): ReturnType<typeof openForReading> {
  try {
    return openForReading(file);
  } catch (cause) {
    throw new BackupError(
      `The database "${file}" cannot be read (${reasonOf(cause)}).`,
      { cause },
    );
  }
}

function check(unfinished: string): Contents {
  using database = openForReading(unfinished);
  demandWhole(database, unfinished);
  return contentsOf(database);
}

function demandFreeName(target: string): void {
  if (existsSync(target)) throw nameIsTaken(target);
  const folder = path.dirname(target);
  if (!existsSync(folder)) {
    throw new BackupError(
      `There is no folder "${folder}". Make it, or name another file.`,
    );
  }
}

function nameIsTaken(target: string): BackupError {
  return new BackupError(
    `"${target}" exists already, and a backup overwrites nothing. Name another file.`,
  );
}

/** What backups to this name left behind whose process was killed. */
function removeUnfinished(target: string): void {
  const folder = path.dirname(target);
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(`${path.basename(target)}.`)) continue;
    const [, pid] = /\.(\d+)-\w{6}\.part(?:-journal)?$/.exec(name) ?? [];
    if (pid === undefined || isRunning(Number(pid))) continue;
    rmSync(path.join(folder, name), { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process: it is there.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
