import type { Records } from "./storage.ts";

export interface Jottings {
  load(prefix: string): Records;
  /** null forgets. */
  jot(key: string, value: unknown): void;
  clear(prefix: string): void;
}

const mark = "parley.jotted ";

/**
 * The browser's small synchronous memory, for what must not wait for its
 * database. Where it is full or forbidden, nothing is jotted.
 */
export function createJottings(): Jottings {
  function keys(prefix: string): string[] {
    return Object.keys(localStorage).filter((key) =>
      key.startsWith(mark + prefix),
    );
  }

  return {
    load(prefix) {
      const found = new Map<string, unknown>();
      attempt(() => {
        for (const key of keys(prefix)) {
          // One that cannot be read takes no other along.
          attempt(() => {
            const text = localStorage.getItem(key);
            if (text !== null)
              found.set(key.slice(mark.length), JSON.parse(text));
          });
        }
      });
      return found;
    },
    jot(key, value) {
      attempt(() => {
        if (value === null) localStorage.removeItem(mark + key);
        else localStorage.setItem(mark + key, JSON.stringify(value));
      });
    },
    clear(prefix) {
      attempt(() => {
        for (const key of keys(prefix)) localStorage.removeItem(key);
      });
    },
  };
}

function attempt(work: () => void) {
  try {
    work();
  } catch {
    // The database still keeps it, a moment later.
  }
}
