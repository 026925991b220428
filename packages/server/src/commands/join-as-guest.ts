import type { Me } from "@parley/protocol";
import { newPersonId } from "../identifiers.ts";
import type { Schema } from "../store/schema.ts";
import type { GuestToAdd } from "../store/writes/add-guest.ts";
import type { CommandContext } from "./context.ts";

/**
 * Lets somebody in under this name. Always somebody new: an address proves
 * nothing, so it never makes anybody the one who used it before.
 */
export function joinAsGuest(
  { store, limiter }: CommandContext,
  guest: {
    name: string;
    email: string;
    address: string;
    origin: Schema["people"]["origin"];
    session?: NonNullable<GuestToAdd["session"]>;
    lease?: NonNullable<GuestToAdd["lease"]>;
    /** The rooms that newcomers are put into. */
    rooms?: readonly string[];
  },
): Promise<Me> {
  limiter.check("joinRate", guest.address);
  const { name, email, origin, session, lease, rooms } = guest;
  return store.write("addGuest", {
    id: newPersonId(),
    name,
    email,
    origin,
    lobby: store.lobby,
    ...(session ? { session } : {}),
    ...(lease ? { lease } : {}),
    ...(rooms ? { rooms } : {}),
  });
}
