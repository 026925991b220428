import { ParleyError, type Person, type Role } from "@parley/protocol";
import { domainToASCII } from "node:url";
import { readSettings } from "./place-settings.ts";
import type { WriteTransaction } from "./transaction.ts";
import { useInvitation } from "./use-invitation.ts";

/** Somebody new, and what they came with. */
export interface Newcomer {
  email: string;
  /** The hash of their invitation's token. */
  invitation?: string | undefined;
}

/** As what they are let in, and into which rooms besides the usual ones. */
export interface Admission {
  role: Role;
  bound: boolean;
  rooms: readonly string[];
  /** Who invited them. */
  by?: Person;
}

/**
 * Whether the place takes this newcomer, decided by what it has decided at this
 * moment. Throws the reason why not.
 */
export async function admit(
  transaction: WriteTransaction,
  { email, invitation }: Newcomer,
): Promise<Admission> {
  const { joinMode, domains } = await readSettings(transaction.db);
  if (joinMode === "closed") throw new ParleyError("join_closed");
  // Who was invited was chosen by somebody: their address proves nothing more.
  if (invitation !== undefined) return useInvitation(transaction, invitation);
  if (joinMode === "invitation") throw new ParleyError("invitation_needed");
  if (domains.length > 0 && !domains.includes(domainOf(email))) {
    throw new ParleyError("domain_not_allowed");
  }
  return { role: "guest", bound: false, rooms: [] };
}

/** As mail servers know it: ASCII, lower case. */
function domainOf(email: string): string {
  return domainToASCII(email.slice(email.lastIndexOf("@") + 1));
}
