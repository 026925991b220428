import { type CommandResult, type Preferences } from "@parley/protocol";
import { inboxOf } from "../stream-keys.ts";
import { findActor } from "./actors.ts";
import { appendEvent, type WriteTransaction } from "./transaction.ts";
import { readPreferences } from "../preferences-row.ts";

/** Changes what somebody has chosen for themselves. */
export async function setPreferences(
  transaction: WriteTransaction,
  { by, chosen }: { by: string; chosen: Partial<Preferences> },
): Promise<CommandResult<"preferences.set">> {
  const { db } = transaction;
  const { person } = await findActor(transaction, by);
  const row = await db
    .selectFrom("people")
    .select("preferences")
    .where("id", "=", by)
    .executeTakeFirstOrThrow();
  const preferences = { ...readPreferences(row.preferences), ...chosen };
  const text = JSON.stringify(preferences);
  if (text === row.preferences) return { preferences };
  await db
    .updateTable("people")
    .set({ preferences: text })
    .where("id", "=", by)
    .execute();
  await appendEvent(transaction, {
    stream: inboxOf(by),
    type: "preferences.set",
    by,
    author: person.name,
    data: { preferences },
  });
  return { preferences };
}
