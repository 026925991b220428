import type { Preferences } from "@parley/protocol";

/** What people have chosen for themselves. */
export interface ModelChoices {
  setPreferences: (person: string, chosen: Partial<Preferences>) => Preferences;
  block: (person: string, other: string, blocked: boolean) => void;
  preferences: (person: string) => Preferences;
  blocked: (person: string) => string[];
}

const unchosen: Preferences = {
  showsPresence: true,
  showsTyping: true,
  roomOrder: "name",
};

/** `tell` puts an event into a person's inbox. */
export function createModelChoices(
  tell: (person: string, type: string, data: object) => void,
): ModelChoices {
  const chosen = new Map<string, Preferences>();
  const blocks = new Map<string, Set<string>>();
  const preferences = (person: string) => chosen.get(person) ?? unchosen;

  return {
    preferences,
    blocked: (person) => [...(blocks.get(person) ?? [])],
    setPreferences(person, changes) {
      const next = { ...preferences(person), ...changes };
      chosen.set(person, next);
      tell(person, "preferences.set", { preferences: next });
      return next;
    },
    block(person, other, blocked) {
      const theirs = blocks.get(person) ?? new Set();
      blocks.set(person, theirs);
      if (theirs.has(other) === blocked) return;
      if (blocked) theirs.add(other);
      else theirs.delete(other);
      tell(person, "person.blocked", { person: other, blocked });
    },
  };
}
