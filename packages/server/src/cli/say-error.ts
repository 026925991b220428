import { ConfigError } from "../config.ts";
import { DataFolderError } from "../data-folder.ts";
import { OperatorError } from "../operator/operator-error.ts";
import { BackupError } from "../store/backup/backup-error.ts";
import { UnfinishedCopyError } from "../store/moving/unfinished-copy.ts";
import { UnfitDatabaseError } from "../store/postgres/fitness.ts";
import { FolderInUseError } from "../store/sqlite/folder-lock.ts";

const sentences = [
  BackupError,
  ConfigError,
  DataFolderError,
  FolderInUseError,
  OperatorError,
  UnfinishedCopyError,
  UnfitDatabaseError,
];

/**
 * Ends a command that could not do its work: sentences as they are; of what is
 * a mistake of the program, everything.
 */
export function sayError(error: unknown): void {
  const isSentence = sentences.some((kind) => error instanceof kind);
  const text =
    error instanceof Error
      ? isSentence
        ? error.message
        : (error.stack ?? error.message)
      : String(error);
  process.stderr.write(`parley: ${text}\n`);
  process.exitCode = 1;
}
