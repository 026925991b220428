import { ParleyError } from "@parley/protocol";
import { hash } from "node:crypto";
import { skeleton, skeletons } from "../../names/skeleton.ts";
import { placeStream } from "../stream-keys.ts";
import { holdStreams } from "./hold-streams.ts";
import type { WriteTransaction } from "./transaction.ts";

/** What the place itself is called, or would be taken for. */
const reserved = new Set(
  [
    ...["admin", "administrator", "owner", "moderator", "system", "parley"],
    ...["everyone", "all", "here", "room", "channel"],
  ].map(skeleton),
);

/** Of longer ones the hash is kept: an index takes no more than 2,704 bytes. */
const keyCharsMax = 200;

export interface ClaimedNames {
  name: string;
  username: string;
}

/**
 * Throws `name_confusable` for a name that looks like an account's, or like the
 * place's own (T20, M4). `person` is who wants it, when they are known: their
 * own names are no obstacle. Guests among each other may be called the same.
 */
export async function demandFreeName(
  transaction: WriteTransaction,
  name: string,
  person = "",
): Promise<void> {
  const looks = skeletons(name);
  const place = await lookOfPlace(transaction);
  const isReserved = looks.some((look) => reserved.has(look) || look === place);
  const claimed = await transaction.db
    .selectFrom("claimed_names")
    .select("person")
    .where("skeleton", "in", looks.map(keyOf))
    .where("person", "<>", person)
    .limit(1)
    .executeTakeFirst();
  if (isReserved || claimed) throw new ParleyError("name_confusable");
}

/**
 * From now on these are the person's names, and nobody else's are like them:
 * `name_taken` for another's user name, `name_confusable` for a look-alike.
 * Called before any room is held.
 */
export async function claimNames(
  transaction: WriteTransaction,
  person: string,
  { name, username }: ClaimedNames,
): Promise<void> {
  const { db } = transaction;
  // Two nodes that claim at this moment come one after the other: what is read
  // from here on stays true until the end of the transaction.
  await holdStreams(transaction, [placeStream]);
  const taken = await db
    .selectFrom("people")
    .select("id")
    .where("username", "=", username)
    .where("id", "<>", person)
    .executeTakeFirst();
  if (taken) throw new ParleyError("name_taken");
  await demandFreeName(transaction, username, person);
  await demandFreeName(transaction, name, person);
  await db.deleteFrom("claimed_names").where("person", "=", person).execute();
  await db
    .insertInto("claimed_names")
    .values([
      { person, source: "name", skeleton: keyOf(skeleton(name)) },
      { person, source: "username", skeleton: keyOf(skeleton(username)) },
    ])
    .execute();
}

/** What the place is called, if its administrators have decided it. */
async function lookOfPlace({
  db,
}: WriteTransaction): Promise<string | undefined> {
  const row = await db
    .selectFrom("settings")
    .select("value")
    .where("key", "=", "name")
    .executeTakeFirst();
  return row && skeleton(JSON.parse(row.value) as string);
}

function keyOf(look: string): string {
  return look.length <= keyCharsMax ? look : `#${hash("sha256", look, "hex")}`;
}
