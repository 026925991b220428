import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";
import type { PlaceRow } from "../place-reads.ts";
import { hasOwner } from "../writes/owners.ts";
import { readSettings } from "../writes/place-settings.ts";

/** What the place has decided, and what every node keeps at hand of it. */
export async function place(db: Kysely<Schema>): Promise<PlaceRow> {
  const settings = await readSettings(db);
  const defaults = await db
    .selectFrom("rooms")
    .select("stream")
    .where("is_default", "=", 1)
    .execute();
  return {
    settings,
    isClaimed: await hasOwner({ db }),
    defaults: defaults.map(({ stream }) => stream),
  };
}

/** Whether this link still works. */
export async function hasSetupLink(
  db: Kysely<Schema>,
  { tokenHash, now }: { tokenHash: string; now: number },
): Promise<boolean> {
  const link = await db
    .selectFrom("links")
    .select("purpose")
    .where("token_hash", "=", tokenHash)
    .where("purpose", "=", "setup")
    .where("expires_at", ">", now)
    .executeTakeFirst();
  return link !== undefined;
}
