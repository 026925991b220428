import type {
  Hole,
  HoleEnd,
  Member,
  RoomChanges,
  RoomState,
} from "@parley/client";
import { computed, type ComputedRef } from "vue";
import { useChat } from "./use-chat.ts";

/** Somebody in a room, and what of a room may be made otherwise. */
export type { Member, RoomChanges } from "@parley/client";

interface RoomVerbs {
  /** undefined while one is not, or not yet, in the room. */
  room: ComputedRef<RoomState | undefined>;
  open: () => void;
  loadOlder: () => Promise<void>;
  loadAround: (seq: number) => Promise<void>;
  fillHole: (hole: Hole, end: HoleEnd) => Promise<void>;
  /** Throws ParleyError when this text may not be sent. */
  post: (text: string) => string;
  retry: (cid: string) => void;
  discard: (cid: string) => void;
  markRead: (upTo: number) => void;
  tellTyping: () => void;
  members: () => Promise<{ members: readonly Member[]; count: number }>;
  leave: () => Promise<void>;
  change: (changes: RoomChanges) => Promise<void>;
  invite: (people: readonly string[]) => Promise<void>;
  remove: (person: string) => Promise<void>;
  setModerator: (person: string, isModerator: boolean) => Promise<void>;
  deleteMessage: (seq: number) => Promise<void>;
}

/** One room, and what a person can do in it. */
export function useRoom(stream: () => string): RoomVerbs {
  const { chat, state } = useChat();
  return {
    room: computed(() => {
      return state.value.rooms.find((room) => room.stream === stream());
    }),
    open: () => chat.open(stream()),
    loadOlder: () => chat.loadOlder(stream()),
    loadAround: (seq) => chat.loadAround(stream(), seq),
    fillHole: (hole, end) => chat.fillHole(stream(), hole, end),
    post: (text) => chat.post(stream(), text),
    retry: (cid) => chat.retry(stream(), cid),
    discard: (cid) => chat.discard(stream(), cid),
    markRead: (upTo) => chat.markRead(stream(), upTo),
    tellTyping: () => chat.typing(stream()),
    members: () => chat.members(stream()),
    leave: async () => {
      await chat.leaveRoom(stream());
    },
    change: async (changes) => {
      await chat.changeRoom(stream(), changes);
    },
    invite: async (people) => {
      await chat.inviteToRoom(stream(), people);
    },
    remove: async (person) => {
      await chat.removeFromRoom(stream(), person);
    },
    setModerator: async (person, isModerator) => {
      await chat.changeMember(stream(), person, isModerator);
    },
    deleteMessage: async (seq) => {
      await chat.deleteMessage(stream(), seq);
    },
  };
}
