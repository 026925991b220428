import { ParleyError, type Me } from "@parley/protocol";
import { demandGoodPassword } from "../auth/password-policy.ts";
import type { Passwords } from "../auth/passwords.ts";
import { hashToken, newPersonId } from "../identifiers.ts";
import type { NewSession } from "../store/writes/insert-session.ts";
import type { CommandContext } from "./context.ts";

export interface InvitedNewcomer {
  name: string;
  email: string;
  address: string;
  /** What the link ended with. */
  token: string;
  /** For who is to have an account; both or none. */
  username?: string | undefined;
  password?: string | undefined;
  session: NewSession;
}

export interface Door {
  passwords: Passwords;
  /** The least length of a password. */
  passwordLength: number;
  /** What the place is called. */
  place: string;
  /** The rooms that newcomers are put into. */
  defaults: readonly string[];
}

/** Lets somebody in as what their invitation says: a guest, or with an account. */
export async function joinByInvitation(
  { store, limiter }: CommandContext,
  { passwords, passwordLength, place, defaults }: Door,
  newcomer: InvitedNewcomer,
): Promise<Me> {
  const { name, email, address, username, password, session } = newcomer;
  limiter.check("joinRate", address);
  const tokenHash = hashToken(newcomer.token);
  // Looked at before anything is hashed. Whether it still holds is decided in
  // the transaction that uses it.
  const found = await store.reads.invitationInForce({
    tokenHash,
    now: store.now(),
  });
  if (found === undefined) throw new ParleyError("invite_invalid");
  const invited = found.rooms.map(({ stream }) => stream);
  const common = {
    ...{ id: newPersonId(), name, email, session, lobby: store.lobby },
    ...{
      invitation: tokenHash,
      rooms: [...new Set([...defaults, ...invited])],
    },
  };
  if (found.role === "guest") {
    // A guest has nothing to sign in with; they claim an account afterwards.
    if (username !== undefined || password !== undefined) {
      throw new ParleyError("invalid_value");
    }
    return store.write("addGuest", { ...common, origin: "page" });
  }
  if (username === undefined || password === undefined) {
    throw new ParleyError("missing_field");
  }
  await demandGoodPassword(
    password,
    { username, email, place },
    { passwordLength },
  );
  const secret = await passwords.hash(password);
  return store.write("addAccount", { ...common, username, secret });
}
