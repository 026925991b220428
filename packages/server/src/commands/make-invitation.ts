import type { Role } from "@parley/protocol";
import {
  hashToken,
  newInvitationId,
  newInvitationToken,
} from "../identifiers.ts";
import type { InvitationRow } from "../store/place-reads.ts";
import type { CommandContext } from "./context.ts";

export interface WantedInvitation {
  role: Role;
  bound: boolean;
  rooms: readonly string[];
  uses: number | null;
  expiresInHours: number | null;
  note: string;
}

/** An invitation with its token, which is told once and never again. */
export async function makeInvitation(
  { store }: Pick<CommandContext, "store">,
  by: string,
  { expiresInHours, ...wanted }: WantedInvitation,
): Promise<{ invitation: InvitationRow; token: string }> {
  const id = newInvitationId();
  const token = newInvitationToken();
  await store.write("makeInvitation", {
    ...wanted,
    ...{ id, by, tokenHash: hashToken(token) },
    forMs: expiresInHours === null ? null : expiresInHours * 3_600_000,
  });
  const own = await store.reads.invitations({ by });
  const invitation = own.find((one) => one.id === id);
  if (invitation === undefined) throw new Error("an invitation is not there");
  return { invitation, token };
}
