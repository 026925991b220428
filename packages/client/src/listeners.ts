import type { Cancel, Env } from "./env.ts";

export interface Listeners {
  add(listener: () => void): Cancel;
  /** Calls everybody once, at the end of this turn, however often it is said. */
  tell(): void;
}

export function createListeners(env: Env): Listeners {
  const listeners = new Set<() => void>();
  let isDue = false;
  return {
    add(listener) {
      // One of its own, so that a function given twice can go once.
      const entry = () => listener();
      listeners.add(entry);
      return () => listeners.delete(entry);
    },
    tell() {
      if (isDue || listeners.size === 0) return;
      isDue = true;
      env.soon(() => {
        isDue = false;
        for (const listener of listeners) listener();
      });
    },
  };
}
