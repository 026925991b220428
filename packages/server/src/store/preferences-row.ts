import type { Preferences } from "@parley/protocol";

const usual: Preferences = {
  showsPresence: true,
  showsTyping: true,
  roomOrder: "name",
};

/** What somebody has chosen, and what is usual for the rest. */
export function readPreferences(stored: string): Preferences {
  return { ...usual, ...(JSON.parse(stored) as Partial<Preferences>) };
}
