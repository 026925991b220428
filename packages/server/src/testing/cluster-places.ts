import { createTestDatabase } from "./test-postgres.ts";
import { testNatsUrl } from "./test-nats.ts";

/** The database that stands for each folder of a test. */
const databases = new Map<string, Promise<string>>();

/**
 * With PARLEY_TEST_ON=cluster, the tests that start a server have it on
 * PostgreSQL and NATS: a database of its own for what would be a folder.
 */
export const isOnCluster = process.env["PARLEY_TEST_ON"] === "cluster";

/** The settings that put a server there; the same database for the same folder. */
export async function clusterSettings(
  folder: string,
): Promise<Record<string, string>> {
  let url = databases.get(folder);
  if (url === undefined) {
    url = createTestDatabase();
    databases.set(folder, url);
  }
  return {
    PARLEY_DATABASE_URL: await url,
    PARLEY_NATS_URL: await testNatsUrl(),
  };
}
