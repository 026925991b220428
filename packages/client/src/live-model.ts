import type { ChatModel } from "./chat-model.ts";

/** The one place that holds what is known at this moment. */
export interface LiveModel {
  now(): ChatModel;
  /** Takes a pure step; tells whoever watches when it made a difference. */
  change(step: (model: ChatModel) => ChatModel): void;
}

export function createLiveModel(
  first: ChatModel,
  changed: () => void,
): LiveModel {
  let current = first;
  return {
    now: () => current,
    change(step) {
      const next = step(current);
      if (next === current) return;
      current = next;
      changed();
    },
  };
}
