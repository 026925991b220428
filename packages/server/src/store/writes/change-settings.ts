import type { PlaceSettings } from "@parley/protocol";
import { noteAct } from "./acts.ts";
import { demandInPlace, findActor } from "./actors.ts";
import { readSettings, type DecidedSettings } from "./place-settings.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Decides what is given anew, for the place and from the next write on. */
export async function changeSettings(
  transaction: WriteTransaction,
  { by, changes }: { by: string; changes: Partial<PlaceSettings> },
): Promise<DecidedSettings> {
  const actor = await findActor(transaction, by);
  demandInPlace(actor, "place.change");
  const before = await readSettings(transaction.db);
  const news = Object.fromEntries(
    Object.entries(changes).filter(
      ([key, value]) =>
        JSON.stringify(value) !==
        JSON.stringify(before[key as keyof PlaceSettings]),
    ),
  ) as Partial<PlaceSettings>;
  if (Object.keys(news).length === 0) return before;
  await storeSettings(transaction, news);
  await noteAct(transaction, actor.person, {
    act: "place.changed",
    detail: inWords(news),
  });
  return { ...before, ...news };
}

/** Their rows. */
export async function storeSettings(
  { db }: WriteTransaction,
  settings: Partial<PlaceSettings>,
): Promise<void> {
  const rows = Object.entries(settings).map(([key, value]) => ({
    key,
    value: JSON.stringify(value),
  }));
  if (rows.length === 0) return;
  await db
    .insertInto("settings")
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .column("key")
        .doUpdateSet((eb) => ({ value: eb.ref("excluded.value") })),
    )
    .execute();
}

/** As the log holds it: one value for each. */
function inWords(
  settings: Partial<PlaceSettings>,
): Record<string, string | boolean> {
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.join(", ") : value,
    ]),
  );
}
