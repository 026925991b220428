import type { PlaceSettings } from "@parley/protocol";
import type { Kysely } from "kysely";
import type { Schema } from "../schema.ts";

/** What holds where the administrators have decided nothing; the name is the configuration's. */
export const usualSettings: Omit<PlaceSettings, "name"> = {
  joinMode: "open",
  domains: [],
  language: "auto",
  roomsBy: "everybody",
  showsPresence: true,
};

export type DecidedSettings = Omit<PlaceSettings, "name"> & { name?: string };

/** What the place has decided, and what is usual for the rest. */
export async function readSettings(
  db: Kysely<Schema>,
): Promise<DecidedSettings> {
  const rows = await db.selectFrom("settings").selectAll().execute();
  const decided = rows.map(({ key, value }): [string, unknown] => [
    key,
    JSON.parse(value),
  ]);
  return { ...usualSettings, ...Object.fromEntries(decided) };
}
