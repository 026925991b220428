import { ParleyError, type Me, type PlaceSettings } from "@parley/protocol";
import { noteAct } from "./acts.ts";
import { findActor, findSomebody } from "./actors.ts";
import { storeSettings } from "./change-settings.ts";
import { endSessionsOf } from "./end-session.ts";
import { enterFirstRooms } from "./enter-rooms.ts";
import { holdPeople } from "./hold-people.ts";
import { insertPerson } from "./insert-person.ts";
import { makeAccount, type AccountNames } from "./make-account.ts";
import { insertSession, type NewSession } from "./insert-session.ts";
import { hasOwner } from "./owners.ts";
import { storeCredential } from "./store-credential.ts";
import { tellChange } from "./tell-change.ts";
import type { WriteTransaction } from "./transaction.ts";

export interface PlaceToClaim extends AccountNames {
  /** The hash of what the link ends with. */
  code: string;
  settings: Partial<PlaceSettings>;
  /** Who becomes the owner: somebody who is here already, or a new id. */
  person: string;
  isHere: boolean;
  /** The hash of their password. */
  secret: string;
  session: NewSession;
  lobby: string;
  rooms: readonly string[];
}

/**
 * Makes the holder of a setup link the owner of a place that has none, and
 * decides what it is. All such links end with it (T37).
 */
export async function claimPlace(
  transaction: WriteTransaction,
  claim: PlaceToClaim,
): Promise<Me> {
  const { db } = transaction;
  const { person: id, isHere, settings, session } = claim;
  // With the place's log held: of two who come at once, one finds an owner.
  await holdPeople(transaction, [id]);
  const earlier = await ownClaim(transaction, claim);
  if (earlier !== undefined) return earlier;
  if (await hasOwner(transaction)) throw new ParleyError("link_invalid");
  await useSetupLink(transaction, claim.code);
  await storeSettings(transaction, settings);

  if (isHere) {
    // Whoever had their session before has none that an owner's would be (T3).
    await endSessionsOf(transaction, await findActor(transaction, id));
  } else {
    const { name, email } = claim;
    await insertPerson(transaction, {
      ...{ id, name, email, role: "owner", bound: false, origin: "page" },
    });
  }
  await makeAccount(transaction, id, claim);
  await db
    .updateTable("people")
    .set({ role: "owner", bound: 0 })
    .where("id", "=", id)
    .execute();
  await storeCredential(transaction, { person: id, secret: claim.secret });
  await insertSession(transaction, id, { session, isConfirmed: true });
  const owner = await findActor(transaction, id);
  await noteAct(transaction, owner.person, {
    act: "place.claimed",
    person: id,
  });
  if (isHere) await tellChange(transaction, id);
  await enterFirstRooms(transaction, owner.person, {
    ...{ lobby: claim.lobby, defaults: claim.rooms },
  });
  return owner.me;
}

/** The claim was stored, and its answer lost: it is asked again. */
async function ownClaim(
  transaction: WriteTransaction,
  { person, session }: PlaceToClaim,
): Promise<Me | undefined> {
  const stored = await transaction.db
    .selectFrom("sessions")
    .select("person")
    .where("token_hash", "=", session.tokenHash)
    .where("person", "=", person)
    .executeTakeFirst();
  if (stored === undefined) return undefined;
  return (await findSomebody(transaction, person))?.me;
}

async function useSetupLink(
  { db, now }: WriteTransaction,
  tokenHash: string,
): Promise<void> {
  const ended = await db
    .deleteFrom("links")
    .where("purpose", "=", "setup")
    .returning(["token_hash", "expires_at"])
    .execute();
  const isRight = ended.some(
    ({ token_hash, expires_at }) =>
      token_hash === tokenHash && expires_at > now,
  );
  if (!isRight) throw new ParleyError("forbidden");
}
