import { readConfig } from "../config.ts";
import { newEpochInFolder } from "../store/backup/new-epoch.ts";
import { sayError } from "./say-error.ts";

/** Tells the log that it was restored. Sets the process's exit code. */
export async function newEpoch(overrides: { data?: string }): Promise<void> {
  process.umask(0o077);
  try {
    const { data, databaseUrl } = readConfig(process.env, overrides);
    const epoch =
      databaseUrl === ""
        ? newEpochInFolder(data)
        : await inDatabase(databaseUrl);
    process.stdout.write(
      `The log has a new epoch (${epoch}), so that clients start fresh. Now start the server.\n`,
    );
  } catch (error) {
    sayError(error);
  }
}

async function inDatabase(url: string): Promise<string> {
  const { newEpochInDatabase } =
    await import("../store/backup/new-epoch-postgres.ts");
  return newEpochInDatabase(url);
}
