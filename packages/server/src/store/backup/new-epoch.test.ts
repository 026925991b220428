import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { backupPlaces, logOf } from "../../testing/backup-places.ts";
import {
  startParley,
  type ParleyProcess,
} from "../../testing/parley-process.ts";
import { joinAs, roomsOf } from "../../testing/test-guest.ts";
import { createTestDatabase } from "../../testing/test-postgres.ts";
import { FolderInUseError, lockFolder } from "../sqlite/folder-lock.ts";
import { BackupError } from "./backup-error.ts";
import { newEpochInDatabase } from "./new-epoch-postgres.ts";
import { newEpochInFolder } from "./new-epoch.ts";
import { restore } from "./restore.ts";

// PostgreSQL may have to be started first.
setDefaultTimeout(30_000);

const places = await backupPlaces();
afterAll(places.clear);
const { backup, newFolder, killedFolder } = places;

describe("a new epoch", () => {
  test("[I2] changes the log's name in a folder, and nothing else", () => {
    const folder = killedFolder();
    const before = logOf(folder);
    const epoch = newEpochInFolder(folder);
    const after = logOf(folder);
    expect(after).toEqual({ ...before, epoch: after.epoch });
    expect(after.epoch).not.toBe(before.epoch);
    expect(after.epoch).toContain(epoch);
  });

  test("is refused while a server runs on the folder, and where there is none", () => {
    const folder = newFolder();
    expect(() => newEpochInFolder(folder)).toThrow(/There is no database/);
    restore({ folder, from: backup, isReplacing: false });
    using lock = lockFolder(folder);
    expect(lock).toBeDefined();
    expect(() => newEpochInFolder(folder)).toThrow(FolderInUseError);
  });

  test("[I2] of PostgreSQL is refused while a node is connected, and every node that starts later has it", async () => {
    const url = await createTestDatabase();
    const refusal = async () => {
      const error = await newEpochInDatabase(url).catch(
        (error: unknown) => error,
      );
      return error instanceof BackupError ? error.message : String(error);
    };
    expect(await refusal()).toMatch(/There is no Parley in the database/);
    const environment = { PARLEY_DATABASE_URL: url };
    const epochOf = async (parley: ParleyProcess) =>
      (await roomsOf(parley, await joinAs(parley, "Ann"))).epoch;
    const first = await startParley({ environment });
    const epoch = await epochOf(first);
    expect(await refusal()).toMatch(/Nodes of Parley are connected .*Stop all/);
    first.signal("SIGTERM");
    await first.exited;

    // Their sessions end a moment after they have hung up.
    const until = performance.now() + 5_000;
    let renamed: string | undefined;
    while (renamed === undefined && performance.now() < until) {
      renamed = await newEpochInDatabase(url).catch(() => undefined);
    }
    expect(renamed).toBeString();
    expect(renamed).not.toBe(epoch);
    await using second = await startParley({ environment });
    await using third = await startParley({ environment });
    for (const node of [second, third]) {
      expect(await epochOf(node)).toBe(renamed ?? "");
    }
  });

  test("[L-5] of a PostgreSQL that is not there says so without its password", async () => {
    const error = await newEpochInDatabase(
      "postgres://ann:p%40ssword@127.0.0.1:9/parley",
    ).catch((error: unknown) => error);
    expect(String(error)).toMatch(/cannot be reached/);
    expect(String(error)).not.toContain("ssword");
  });
});
