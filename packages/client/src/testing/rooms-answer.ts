import type { Me, RoomSummary } from "@parley/protocol";
import type { RoomsAnswer } from "../rooms-api.ts";

/** Somebody whose chat it is. */
export const annHerself: Me = {
  id: "u_Ann0000000",
  name: "Ann",
  kind: "guest",
  email: "ann@example.org",
};

/** What the server lists for her, who has chosen nothing. */
export function answerOf(
  inbox: number,
  ...rooms: readonly RoomSummary[]
): RoomsAnswer {
  return {
    ...{ epoch: "e1", inbox, rooms, me: annHerself, blocked: [] },
    preferences: { showsPresence: true, showsTyping: true, roomOrder: "name" },
  };
}
