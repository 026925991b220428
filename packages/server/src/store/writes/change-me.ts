import { ParleyError, type Me } from "@parley/protocol";
import { findActor } from "./actors.ts";
import { claimNames, demandFreeName } from "./claimed-names.ts";
import { freeEmailKey } from "./email-key.ts";
import { holdPeople } from "./hold-people.ts";
import { tellChange } from "./tell-change.ts";
import type { WriteTransaction } from "./transaction.ts";

export interface ChangesOfMe {
  name?: string | undefined;
  username?: string | undefined;
  email?: string | undefined;
}

/** Calls oneself something else. Guests have no user name to change. */
export async function changeMe(
  transaction: WriteTransaction,
  { by, changes }: { by: string; changes: ChangesOfMe },
): Promise<Me> {
  await holdPeople(transaction, [by]);
  const { me, role } = await findActor(transaction, by);
  const { name = me.name, username = me.username, email = me.email } = changes;
  const isOld =
    name === me.name && username === me.username && email === me.email;
  if (isOld) return me;
  if (role === "guest") {
    if (username !== undefined) throw new ParleyError("forbidden");
    if (name !== me.name) await demandFreeName(transaction, name, by);
  } else if (username === undefined) {
    throw new ParleyError("forbidden");
  } else if (name !== me.name || username !== me.username) {
    await claimNames(transaction, by, { name, username });
  }
  const isMoved = role !== "guest" && email !== me.email;
  await transaction.db
    .updateTable("people")
    .set({
      ...{ name, email },
      ...(username === undefined ? {} : { username }),
      ...(isMoved
        ? { email_key: await freeEmailKey(transaction, by, email) }
        : {}),
    })
    .where("id", "=", by)
    .execute();
  return tellChange(transaction, by);
}
