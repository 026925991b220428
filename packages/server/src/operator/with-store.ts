import { existsSync } from "node:fs";
import path from "node:path";
import { DataFolderError } from "../data-folder.ts";
import type { Config } from "../config.ts";
import { newToken } from "../identifiers.ts";
import type { Logger } from "../log.ts";
import { openBus } from "../open-bus.ts";
import { openStore } from "../open-store.ts";
import { byStream } from "../store/by-stream.ts";
import { databaseFile } from "../store/sqlite/open.ts";
import type { Store, StoreEvents } from "../store/store.ts";

/** As few as it works with: what an operator asks comes one by one. */
const connections = 3;

/** The store, for one question, and what tells the nodes of a shared one. */
export async function withStore<Answer>(
  {
    config,
    log,
    createWorker,
  }: { config: Config; log: Logger; createWorker: () => Worker },
  ask: (store: Store) => Promise<Answer>,
): Promise<Answer> {
  demandFolder(config);
  const tell: Pick<StoreEvents, "onCommit"> = { onCommit: () => undefined };
  const { store } = await openStore({
    config: { ...config, databaseConnections: connections },
    log,
    createWorker,
    events: {
      onCommit: (events) => {
        tell.onCommit(events);
      },
      // The nodes find it by comparing what they have with the database.
      onMoved: () => undefined,
      onDeliveryFailed: (error) => {
        log.error({ err: error }, "a commit could not be delivered");
      },
      onBroken: (error) => {
        throw error;
      },
    },
  });
  await using own = store;
  const node = `cli_${newToken(6)}`;
  await using bus = await openBus(config, { store, node, log });
  tell.onCommit = (events) => {
    const streams = byStream(events);
    for (const [stream, ofStream] of streams) bus.publish(stream, ofStream);
    bus.tellHeads(
      new Map(
        Array.from(streams, ([stream, ofStream]) => [
          stream,
          ofStream.at(-1)?.event.seq ?? 0,
        ]),
      ),
    );
  };
  return await ask(own);
}

/** A misspelt folder must not become a place of its own. */
function demandFolder({ data, databaseUrl }: Config): void {
  if (databaseUrl !== "") return;
  const folder = path.resolve(data);
  if (existsSync(path.join(folder, databaseFile))) return;
  throw new DataFolderError(
    `There is no data of Parley in "${folder}". Name the server's folder with --data or PARLEY_DATA, or start the server once.`,
  );
}
