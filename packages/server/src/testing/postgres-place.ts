import { Client } from "pg";
import type { Place } from "../store/contract/store-under-test.ts";
import { clientConfig } from "../store/postgres/session.ts";
import { openPostgresStore } from "../store/postgres/postgres-store.ts";
import { createTestDatabase } from "./test-postgres.ts";

/** A database of its own for a store on PostgreSQL. */
export function postgresPlace(): Place {
  let url: Promise<string> | undefined;
  return {
    open: async (onCommit) =>
      openPostgresStore({
        url: await (url ??= createTestDatabase()),
        connections: 6,
        lobbyName: "Lobby",
        onCommit,
        onMoved: () => undefined,
        onDeliveryFailed: (error: unknown) => {
          throw error;
        },
        onWarning: () => undefined,
        onConnection: () => undefined,
      }),
    ask: async (text) => {
      const client = new Client(clientConfig((await url) ?? ""));
      await client.connect();
      try {
        return (await client.query<Record<string, unknown>>(text)).rows;
      } finally {
        await client.end();
      }
    },
    clear: () => undefined,
  };
}
