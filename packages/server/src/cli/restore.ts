import { readConfig } from "../config.ts";
import { BackupError } from "../store/backup/backup-error.ts";
import { restore, type Restored } from "../store/backup/restore.ts";
import { amount } from "./amounts.ts";
import { sayError } from "./say-error.ts";

/** Puts a backup in its place. Sets the process's exit code. */
export function restoreBackup({
  from,
  isReplacing,
  overrides,
}: {
  from: string;
  isReplacing: boolean;
  overrides: { data?: string };
}): void {
  process.umask(0o077);
  try {
    const { data, databaseUrl } = readConfig(process.env, overrides);
    if (databaseUrl !== "") {
      throw new BackupError(
        "The data is in PostgreSQL (PARLEY_DATABASE_URL), which is restored with its own means, such as pg_restore. After that: parley new-epoch.",
      );
    }
    const restored = restore({ folder: data, from, isReplacing });
    process.stdout.write(summary(restored));
  } catch (error) {
    sayError(error);
  }
}

function summary({ folder, kept, ...found }: Restored): string {
  const { messages, rooms, people, epoch } = found;
  return [
    `Restored ${amount(messages, "message")} in ${amount(rooms, "room")} of ${amount(people, "person", "people")} into ${folder}.`,
    `The log has a new epoch (${epoch}), so that clients start fresh.`,
    ...(kept === undefined ? [] : [`The old database is kept as ${kept}.`]),
    "Now start the server.",
    "",
  ].join("\n");
}
