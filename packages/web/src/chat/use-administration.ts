import { administration, type Administration } from "@parley/client";

export type {
  ActEntry,
  Administration,
  InvitationEntry,
  InvitationWish,
  LinkToken,
  OutboundEntry,
  PersonEntry,
  RoomEntry,
} from "@parley/client";

/** What those who run the place can do, over HTTP. */
export function useAdministration(): Administration {
  return administration(location.origin);
}
