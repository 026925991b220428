import type { Me, Person, Preferences } from "@parley/protocol";

/** What somebody is to themselves. */
export interface OwnRow {
  me: Me;
  preferences: Preferences;
}

/** The questions of people about themselves and each other. */
export interface PeopleReads {
  /** Oneself, as one is in the store; undefined for nobody. */
  own(person: string): Promise<OwnRow | undefined>;
  /** Whose direct messages this one does not take. */
  blockedBy(person: string): Promise<string[]>;
  /**
   * Of these people those whom this one may know of: all, or, for who is bound
   * to rooms, those who are in one of theirs.
   */
  peopleSeenBy(person: string, ids: readonly string[]): Promise<Person[]>;
  /** People who are here and have these letters in their name or user name. */
  searchPeople(query: string): Promise<Person[]>;
}
