import { rmSync } from "node:fs";
import type { Place } from "../store/contract/store-under-test.ts";
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
    clear: () => {
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
