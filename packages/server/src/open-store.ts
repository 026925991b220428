import type { Config } from "./config.ts";
import { openDataFolder } from "./data-folder.ts";
import type { Logger } from "./log.ts";
import { openSqliteStore } from "./store/sqlite/sqlite-store.ts";
import type { Store, StoreEvents } from "./store/store.ts";

export interface OpenStoreOptions {
  config: Config;
  log: Logger;
  /** Made by the entry file: only there a compiled program finds the Worker. */
  createWorker: () => Worker;
  events: StoreEvents;
}

export interface OpenedStore {
  store: Store;
  /** Where the data is, for people. */
  place: string;
}

/**
 * The store that the settings ask for. Rejects with a sentence for the operator
 * when it cannot be had.
 */
export function openStore(options: OpenStoreOptions): Promise<OpenedStore> {
  return options.config.databaseUrl === ""
    ? openInFolder(options)
    : openInDatabase(options);
}

async function openInFolder({
  config,
  createWorker,
  events,
}: OpenStoreOptions): Promise<OpenedStore> {
  const folder = openDataFolder(config.data);
  const store = await openSqliteStore({
    folder,
    lobbyName: config.lobby,
    worker: createWorker(),
    ...events,
  });
  return { store, place: folder };
}

async function openInDatabase({
  config,
  log,
  events,
}: OpenStoreOptions): Promise<OpenedStore> {
  // Only who uses the driver pays for it: 10 MB.
  const { openPostgresStore } =
    await import("./store/postgres/postgres-store.ts");
  const store = await openPostgresStore({
    url: config.databaseUrl,
    connections: config.databaseConnections,
    lobbyName: config.lobby,
    ...events,
    onWarning: (sentence) => {
      log.warn(sentence);
    },
    onConnection: (isThere, error) => {
      if (isThere) log.info("PostgreSQL is there again: what waited is stored");
      else log.warn({ err: error }, "PostgreSQL is gone: what is sent waits");
    },
  });
  const { host, pathname } = new URL(config.databaseUrl);
  return { store, place: `PostgreSQL at ${host}${pathname}` };
}
