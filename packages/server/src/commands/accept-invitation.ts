import { hashToken } from "../identifiers.ts";
import type { CommandContext } from "./context.ts";

/** Lets somebody who is here into the rooms of an invitation; answers these. */
export async function acceptInvitation(
  { store }: Pick<CommandContext, "store">,
  by: string,
  token: string,
): Promise<{ rooms: string[] }> {
  const invitation = hashToken(token);
  const found = await store.reads.invitationInForce({
    ...{ tokenHash: invitation, now: store.now() },
  });
  const rooms = found?.rooms.map(({ stream }) => stream) ?? [];
  return store.write("acceptInvitation", { by, invitation, rooms });
}
