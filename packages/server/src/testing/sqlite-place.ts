import { Database } from "bun:sqlite";
import { rmSync } from "node:fs";
import path from "node:path";
import type { Place } from "../store/contract/store-under-test.ts";
import { databaseFile } from "../store/sqlite/open.ts";
import { openSqliteStore } from "../store/sqlite/sqlite-store.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A folder of its own for a store on SQLite, with the real writing Worker. */
export function sqlitePlace(): Place & { folder: string } {
  const folder = temporaryFolder();
  return {
    folder,
    open: (onCommit) =>
      openSqliteStore({
        folder,
        lobbyName: "Lobby",
        worker: new Worker(
          new URL("../store/sqlite/worker.ts", import.meta.url),
        ),
        onCommit,
        onDeliveryFailed: (error: unknown) => {
          throw error;
        },
        onBroken: (error) => {
          throw error;
        },
      }),
    ask: (text) => {
      using database = new Database(path.join(folder, databaseFile));
      // The store may be writing at this moment.
      database.run("PRAGMA busy_timeout = 5000");
      return Promise.resolve(
        database.query<Record<string, unknown>, []>(text).all(),
      );
    },
    clear: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
