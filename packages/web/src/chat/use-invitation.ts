import {
  acceptInvitation,
  lookAtInvitation,
  type InvitationLook,
} from "@parley/client";

/** What an invitation says to who holds it. */
export type Invitation = InvitationLook;

/** A link into this place, seen before one uses it. */
export function useInvitation(): {
  /** Throws invite_invalid when it lets nobody in. */
  look: (token: string) => Promise<Invitation>;
  /** Into its rooms as who one is here already. Throws what `look` does. */
  accept: (token: string) => Promise<readonly string[]>;
} {
  return {
    look: (token) => lookAtInvitation(location.origin, token),
    accept: (token) => acceptInvitation(location.origin, token),
  };
}
