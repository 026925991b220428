import type { ChatModel, RoomModel } from "./chat-model.ts";
import type { PresentPeople } from "./presence.ts";
import type { ChatState, ConnectionState, RoomState } from "./state.ts";

/** Makes what a screen draws, keeping by identity whatever has not changed. */
export function createChatState(
  server: string,
): (
  model: ChatModel,
  connection: ConnectionState,
  presence: PresentPeople,
  isKept: boolean,
) => ChatState {
  let rooms: readonly RoomState[] = [];
  let source: ChatModel["rooms"] | null = null;
  return (model, connection, presence, isKept) => {
    if (source !== model.rooms) {
      source = model.rooms;
      rooms = inOrder(source, rooms);
    }
    const { self: me, preferences, blocked, people } = model;
    return {
      ...{ me, preferences, blocked, server },
      ...{ connection, rooms, people, presence, isKept },
    };
  };
}

/** The lobby first, then by name, as people sort names. */
function inOrder(
  rooms: ReadonlyMap<string, RoomModel>,
  before: readonly RoomState[],
): readonly RoomState[] {
  // Names hardly ever change, events come all the time: the order may stand.
  const same = before.map((room) => {
    const now = rooms.get(room.stream);
    return now?.name === room.name && now.kind === room.kind ? now : null;
  });
  const stands =
    before.length === rooms.size && same.every((room) => room !== null);
  return stands ? same : [...rooms.values()].sort(byPlace);
}

const collator = new Intl.Collator(undefined, { numeric: true });

function byPlace(one: RoomState, other: RoomState): number {
  const lobbies = Number(other.kind === "lobby") - Number(one.kind === "lobby");
  if (lobbies !== 0) return lobbies;
  const names = collator.compare(one.name, other.name);
  // Two names may compare equal; the order must not depend on who came first.
  return names !== 0 ? names : one.stream < other.stream ? -1 : 1;
}
