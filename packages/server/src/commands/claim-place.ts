import { ParleyError, type Me, type PlaceSettings } from "@parley/protocol";
import { demandGoodPassword } from "../auth/password-policy.ts";
import { hashToken, newPersonId } from "../identifiers.ts";
import type { NewSession } from "../store/writes/insert-session.ts";
import type { CommandContext } from "./context.ts";
import type { Door } from "./join-by-invitation.ts";

/** Makes the holder of a setup link the owner. */
export async function claimPlace(
  { store, limiter }: CommandContext,
  { passwords, passwordLength, defaults }: Omit<Door, "place">,
  {
    address,
    code,
    password,
    person,
    settings,
    ...owner
  }: {
    address: string;
    /** What the link ended with. */
    code: string;
    settings: Pick<PlaceSettings, "name" | "joinMode" | "domains" | "language">;
    /** Who they are here already, if they are. */
    person: string | undefined;
    name: string;
    email: string;
    username: string;
    password: string;
    session: NewSession;
  },
): Promise<Me> {
  limiter.check("linkRate", address);
  // Looked at before anything is hashed; decided in the transaction.
  const { isClaimed } = await store.reads.place();
  if (isClaimed) throw new ParleyError("link_invalid");
  const tokenHash = hashToken(code);
  const isRight = await store.reads.hasSetupLink({
    tokenHash,
    now: store.now(),
  });
  if (!isRight) throw new ParleyError("forbidden");
  const { username, email } = owner;
  await demandGoodPassword(
    password,
    { username, email, place: settings.name },
    { passwordLength },
  );
  return store.write("claimPlace", {
    ...owner,
    code: tokenHash,
    settings,
    person: person ?? newPersonId(),
    isHere: person !== undefined,
    secret: await passwords.hash(password),
    lobby: store.lobby,
    rooms: defaults,
  });
}
