import { useChat } from "./use-chat.ts";

/** Names of people by id; "" for somebody who is not known yet. */
export function usePeople(): { nameOf: (id: string) => string } {
  const { state } = useChat();
  return {
    nameOf: (id) => {
      const { me, people } = state.value;
      return people.get(id)?.name ?? (id === me.id ? me.name : "");
    },
  };
}
