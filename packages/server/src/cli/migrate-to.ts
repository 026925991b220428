import { ConfigError, readConfig } from "../config.ts";
import { DataFolderError } from "../data-folder.ts";
import { NewerDatabaseError } from "../store/migrate.ts";
import type { Claimed } from "../store/moving/claim.ts";
import { MoveError, MoveStoppedError } from "../store/moving/move-error.ts";
import {
  moveToPostgres,
  type Moved,
} from "../store/moving/move-to-postgres.ts";
import {
  addressWithoutPassword,
  nameOfAddress,
} from "../store/moving/target-sentence.ts";
import { FolderInUseError } from "../store/sqlite/folder-lock.ts";
import { ProgressLine } from "./progress-line.ts";

/** What the shell expects of a program that was ended by these. */
const exitCodes = { SIGINT: 130, SIGTERM: 143 } as const;

/** Copies the data folder to PostgreSQL. Sets the process's exit code. */
export async function migrateTo(
  address: string,
  overrides: { data?: string },
): Promise<void> {
  // What may be left beside the database is for its owner alone (T59).
  process.umask(0o077);
  using stop = stopOnSignals();
  using line = new ProgressLine(process.stdout);
  try {
    const { data } = readConfig(process.env, {
      ...overrides,
      databaseUrl: address,
    });
    const moved = await moveToPostgres({
      folder: data,
      url: address,
      signal: stop.signal,
      onClaimed: (claimed) => {
        line.say(beginnings[claimed](nameOfAddress(address)));
      },
      onAdvance: (advance) => {
        line.show(advance);
      },
    });
    line.say(summary(moved, address));
  } catch (error) {
    line.end();
    process.stderr.write(`parley: ${sentenceFor(error)}\n`);
    process.exitCode = error instanceof MoveStoppedError ? stop.exitCode() : 1;
  }
}

const beginnings: Record<Claimed, (address: string) => string> = {
  new: (address) => `Copying to ${address}`,
  resumed: (address) =>
    `Copying to ${address}, from where the last copy was stopped`,
  anew: (address) =>
    `Copying to ${address} from the beginning, because the data folder was used since the last copy was stopped`,
  finished: (address) =>
    `This Parley is already there, at ${address}. Comparing both sides`,
};

function summary({ claimed, copied, tables }: Moved, address: string): string {
  const total = tables.reduce((sum, { rows }) => sum + rows, 0);
  const lines = tables.map(
    ({ table, rows, hash }) =>
      `  ${table.padEnd(10)}${count(rows).padStart(15)} rows  sha256 ${hash.slice(0, 16)}`,
  );
  return [
    "",
    ...lines,
    "",
    claimed === "finished"
      ? `Nothing had to be copied: all ${count(total)} rows are the same on both sides.`
      : `Copied ${count(copied)} rows; all ${count(total)} are the same on both sides.`,
    "",
    "Now start the nodes with",
    "",
    `  PARLEY_DATABASE_URL=${addressWithoutPassword(address)}`,
    "",
    "and keep the data folder as a backup. Do not start a server on it again:",
    "what is said there would not be in PostgreSQL.",
  ].join("\n");
}

function count(rows: number): string {
  return rows.toLocaleString("en");
}

/** The first signal stops it between two pages, a second one at once. */
function stopOnSignals() {
  const controller = new AbortController();
  let came: keyof typeof exitCodes = "SIGINT";
  const stop = (signal: NodeJS.Signals): void => {
    came = signal === "SIGTERM" ? "SIGTERM" : "SIGINT";
    controller.abort();
  };
  process.once("SIGINT", stop);
  process.once("SIGTERM", stop);
  return {
    signal: controller.signal,
    exitCode: () => exitCodes[came],
    [Symbol.dispose]: () => {
      process.off("SIGINT", stop);
      process.off("SIGTERM", stop);
    },
  };
}

/** Sentences as they are; of what is a mistake of the program, everything. */
function sentenceFor(error: unknown): string {
  const isSentence = [
    MoveError,
    ConfigError,
    DataFolderError,
    FolderInUseError,
    NewerDatabaseError,
  ].some((kind) => error instanceof kind);
  if (!(error instanceof Error)) return String(error);
  return isSentence ? error.message : (error.stack ?? error.message);
}
