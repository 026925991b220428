import type { Person } from "@parley/protocol";
import { useChat } from "./use-chat.ts";

/** Whether somebody is here now; undefined when that is not known or not told. */
export type Presence = "online" | "away" | undefined;

interface People {
  /** Names of people by id; "" for somebody who is not known yet. */
  nameOf: (id: string) => string;
  presenceOf: (id: string) => Presence;
  isBlocked: (id: string) => boolean;
  block: (id: string, isBlocked: boolean) => Promise<void>;
  /** Up to 20 people whose name or user name holds this. */
  search: (query: string) => Promise<readonly Person[]>;
}

/** The people of the place, as far as they are known here. */
export function usePeople(): People {
  const { chat, state } = useChat();
  return {
    nameOf: (id) => {
      const { me, people } = state.value;
      return people.get(id)?.name ?? (id === me.id ? me.name : "");
    },
    presenceOf: (id) => state.value.presence.get(id),
    isBlocked: (id) => state.value.blocked.has(id),
    block: async (id, isBlocked) => {
      await chat.blockPerson(id, isBlocked);
    },
    search: (query) => chat.searchPeople(query),
  };
}
