import { readConfig } from "../config.ts";
import { backUp } from "../store/backup/back-up.ts";
import { BackupError } from "../store/backup/backup-error.ts";
import { amount, inMegabytes } from "./amounts.ts";
import { sayError } from "./say-error.ts";

/** Copies the database while the server runs. Sets the process's exit code. */
export function backup(to: string, overrides: { data?: string }): void {
  // It holds what people said: for its owner alone (T59).
  process.umask(0o077);
  const start = performance.now();
  try {
    const { data, databaseUrl } = readConfig(process.env, overrides);
    if (databaseUrl !== "") {
      throw new BackupError(
        "The data is in PostgreSQL (PARLEY_DATABASE_URL), which is backed up with its own means: pg_dump --format=custom --file=TO, or pg_basebackup.",
      );
    }
    const { file, bytes, messages } = backUp({ folder: data, to });
    const seconds = ((performance.now() - start) / 1_000).toFixed(1);
    process.stdout.write(
      `Backed up ${amount(messages, "message")} to ${file} (${inMegabytes(bytes)}, ${seconds} s).\n`,
    );
  } catch (error) {
    sayError(error);
  }
}
