import type { Preferences } from "@parley/protocol";
import { computed, type ComputedRef } from "vue";
import { useChat } from "./use-chat.ts";

/** What oneself has chosen, on all one's devices. */
export function usePreferences(): {
  preferences: ComputedRef<Preferences>;
  choose: (changes: Partial<Preferences>) => Promise<void>;
} {
  const { chat, state } = useChat();
  return {
    preferences: computed(() => state.value.preferences),
    choose: async (changes) => {
      await chat.setPreferences(changes);
    },
  };
}
