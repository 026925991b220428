import { Pool, type PoolConfig } from "pg";
import { hashToken } from "../../identifiers.ts";
import { readsOn } from "../reads/reads.ts";
import type { Store, StoreEvents } from "../store.ts";
import { DatabaseClock } from "./clock.ts";
import { readingConnection } from "./connection.ts";
import { openDatabase } from "./open.ts";
import { patientReads } from "./patient-reads.ts";
import { clientConfig, setUpInTime } from "./session.ts";
import { closeClient } from "./client-socket.ts";
import { PostgresWriter } from "./writer.ts";

export interface PostgresStoreOptions extends Omit<StoreEvents, "onBroken"> {
  url: string;
  /** Connections in all; a third of them write. */
  connections: number;
  /** The lobby's name, if it has to be made. */
  lobbyName: string;
  /** Something that an operator should know; once, at the start. */
  onWarning: (sentence: string) => void;
  /** The database is not there for writing, or is there again. */
  onConnection: (isThere: boolean, error?: unknown) => void;
}

/** A read whose connection says nothing for so long is asked over another. */
const answerMsMax = 3_500;

/** A health check that takes longer is a no. */
const healthMsMax = 1_000;

/** A store in PostgreSQL, which any number of nodes may share. */
export async function openPostgresStore({
  url,
  connections,
  lobbyName,
  onWarning,
  onConnection,
  ...events
}: PostgresStoreOptions): Promise<Store> {
  const { place, warning, ...founded } = await openDatabase(url, { lobbyName });
  if (warning !== undefined) onWarning(warning);
  const config = clientConfig(url);
  const lanes = Math.max(1, Math.floor(connections / 3));
  const pool = readingPool({ ...config, max: connections - lanes });
  const clock = new DatabaseClock(pool);
  const reading = readingConnection(pool);
  const end = async (): Promise<void> => {
    await reading.db.destroy();
    // Kysely does not end a pool that it never used: the clock uses it too.
    if (!pool.ended) await pool.end();
  };
  try {
    await clock.start();
  } catch (error) {
    await end();
    throw error;
  }
  const { now } = clock;
  const writer = new PostgresWriter(lanes, {
    config,
    now,
    events,
    onConnection: once(onConnection),
  });
  return {
    ...founded,
    instance: hashToken(`${founded.epoch} ${place}`).slice(0, 16),
    isShared: true,
    now,
    reads: patientReads(readsOn(reading)),
    write: (name, input) => writer.write(name, input),
    isHealthy: () => answers(pool),
    [Symbol.asyncDispose]: async () => {
      clock.stop();
      await writer.close();
      await end();
    },
  };
}

function readingPool(config: PoolConfig): Pool {
  // The pool does wait for it, whatever its types say.
  const options = { ...config, onConnect: setUpInTime };
  const pool = new Pool(options);
  // Whoever has asked over it hears of a connection that dies by its answer;
  // without a listener it would be an exception besides (L-3).
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
  });
  endSilence(pool);
  // An idle connection that dies says so here; without a listener that would
  // end the process.
  pool.on("error", () => undefined);
  return pool;
}

/** Several lanes lose their connections at the same moment; that is one thing. */
function once(
  onConnection: PostgresStoreOptions["onConnection"],
): PostgresStoreOptions["onConnection"] {
  let wasThere = true;
  return (isThere, error) => {
    if (isThere === wasThere) return;
    wasThere = isThere;
    onConnection(isThere, error);
  };
}

async function answers(pool: Pool): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => {
    late.resolve(false);
  }, healthMsMax);
  const asked = pool.query("select 1").then(
    () => true,
    () => false,
  );
  const isHealthy = await Promise.race([asked, late.promise]);
  clearTimeout(timer);
  return isHealthy;
}

/** Ends a connection that has not answered in time, which fails who asked (L-1). */
function endSilence(pool: Pool): void {
  const timers = new Map<unknown, ReturnType<typeof setTimeout>>();
  pool.on("acquire", (client) => {
    const end = (): void => {
      closeClient(client);
    };
    timers.set(client, setTimeout(end, answerMsMax));
  });
  pool.on("release", (_error, client) => {
    clearTimeout(timers.get(client));
    timers.delete(client);
  });
}
