import { Kysely } from "kysely";
import path from "node:path";
import { readsOn } from "../reads/reads.ts";
import type { Schema } from "../schema.ts";
import type { Store } from "../store.ts";
import { BunSqliteDialect } from "./dialect.ts";
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
  const lock = lockFolder(folder);
  const file = path.join(folder, databaseFile);
  const writer = new SqliteWriter(worker, events);
  try {
    const founded = await writer.open(file, lobbyName);
    const db = new Kysely<Schema>({
      dialect: new BunSqliteDialect(openForReading(file)),
    });
    return {
      ...founded,
      reads: readsOn(db),
      write: (name, input) => writer.write(name, input),
      isHealthy: async () => {
        await db.selectFrom("meta").select("value").limit(1).execute();
        return true;
      },
      [Symbol.asyncDispose]: async () => {
        // The reader first: the last connection to close does the checkpoint.
        await db.destroy();
        await writer.close();
        lock[Symbol.dispose]();
      },
    };
  } catch (error) {
    worker.terminate();
    lock[Symbol.dispose]();
    throw error;
  }
}
