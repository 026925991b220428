import type { DirectoryEntry } from "@parley/client";
import { useChat } from "./use-chat.ts";

interface RoomsVerbs {
  /** The new room's stream. */
  create: (room: { name: string; topic: string }) => Promise<string>;
  join: (stream: string) => Promise<void>;
  /** Public rooms whose name or topic holds this; all for "". */
  search: (query: string) => Promise<readonly DirectoryEntry[]>;
}

/** What a person can do with rooms in general. */
export function useRooms(): RoomsVerbs {
  const { chat } = useChat();
  return {
    create: async ({ name, topic }) => {
      const room = topic === "" ? { name } : { name, topic };
      return (await chat.createRoom(room)).stream;
    },
    join: async (stream) => {
      await chat.joinRoom(stream);
    },
    search: (query) => chat.directory(query),
  };
}
