import type { Arrangement, DirectoryEntry } from "@parley/client";
import { useChat } from "./use-chat.ts";

export type { Arrangement } from "@parley/client";

/** A room as somebody makes it. */
export interface NewRoom {
  name: string;
  topic: string;
  kind: "public" | "private";
}

interface RoomsVerbs {
  /** The new room's stream. */
  create: (room: NewRoom) => Promise<string>;
  join: (stream: string) => Promise<void>;
  /** The stream of the conversation with these people, as old as it may be. */
  openDirect: (people: readonly string[]) => Promise<string>;
  arrange: (stream: string, changes: Arrangement) => Promise<void>;
  /** Public rooms whose name or topic holds this; all for "". */
  search: (query: string) => Promise<readonly DirectoryEntry[]>;
}

/** What a person can do with rooms in general. */
export function useRooms(): RoomsVerbs {
  const { chat } = useChat();
  return {
    create: async ({ name, topic, kind }) => {
      const room = topic === "" ? { name, kind } : { name, topic, kind };
      return (await chat.createRoom(room)).stream;
    },
    join: async (stream) => {
      await chat.joinRoom(stream);
    },
    openDirect: (people) => chat.openDirect(people),
    arrange: async (stream, changes) => {
      await chat.arrangeRoom(stream, changes);
    },
    search: (query) => chat.directory(query),
  };
}
