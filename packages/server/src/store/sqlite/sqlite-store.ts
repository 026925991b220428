import path from "node:path";
import { readsOn } from "../reads/reads.ts";
import type { Store } from "../store.ts";
import { sqliteConnection } from "./connection.ts";
import { lockFolder } from "./folder-lock.ts";
import { databaseFile, openForReading } from "./open.ts";
import { SqliteWriter, type WriterEvents } from "./writer.ts";

export interface SqliteStoreOptions extends WriterEvents {
  folder: string;
  /** The lobby's name, if it has to be made. */
  lobbyName: string;
  /** Made by the entry file: only there a compiled program finds the Worker. */
  worker: Worker;
}

/** A store in one folder: one writing Worker, one reading connection here. */
export async function openSqliteStore({
  folder,
  lobbyName,
  worker,
  ...events
}: SqliteStoreOptions): Promise<Store> {
  const file = path.join(folder, databaseFile);
  const writer = new SqliteWriter(worker, events);
  let lock: Disposable | undefined;
  try {
    const held = (lock = lockFolder(folder));
    const founded = await writer.open(file, lobbyName);
    const reading = openForReading(file);
    const connection = sqliteConnection(reading);
    const { db } = connection;
    return {
      ...founded,
      instance: founded.epoch,
      isShared: false,
      now: () => Date.now(),
      reads: readsOn(connection),
      write: (name, input) => writer.write(name, input),
      isHealthy: async () => {
        await db.selectFrom("meta").select("value").limit(1).execute();
        return true;
      },
      [Symbol.asyncDispose]: async () => {
        // The reader first: the last connection to close does the checkpoint.
        await db.destroy();
        // Kysely does not close what it never used.
        reading.close();
        await writer.close();
        held[Symbol.dispose]();
      },
    };
  } catch (error) {
    worker.terminate();
    lock?.[Symbol.dispose]();
    throw error;
  }
}
