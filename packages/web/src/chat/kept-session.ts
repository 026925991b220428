import type { Me, PlaceSettings } from "@parley/protocol";
import {
  forgetAbout,
  keep,
  readKept,
  type KeyValueStorage,
  type ListedStorage,
} from "../settings/device-storage.ts";

/** Who was last signed in here, and where: known without the network. */
export interface KeptSession {
  server: string;
  me: Me;
  /** What the place speaks to who has not chosen. */
  language?: PlaceSettings["language"];
}

const storageKey = "parley.session";

export function readSession(
  storage?: KeyValueStorage,
): KeptSession | undefined {
  try {
    const kept: unknown = JSON.parse(readKept(storageKey, storage) ?? "null");
    const { server, me } = (kept ?? {}) as Partial<KeptSession>;
    const { id, name, kind } = (me ?? {}) as Partial<Me>;
    const texts = [server, id, name, kind];
    const isWhole = texts.every((text) => typeof text === "string");
    return isWhole ? (kept as KeptSession) : undefined;
  } catch {
    return undefined;
  }
}

export function keepSession(
  session: KeptSession,
  storage?: KeyValueStorage,
): void {
  keep(storageKey, JSON.stringify(session), storage);
}

/** Forgets the person, their drafts and places; somebody else's session stays. */
export function forgetSession(person: string, storage?: ListedStorage): void {
  const isTheirs = readSession(storage)?.me.id === person;
  if (isTheirs) keep(storageKey, undefined, storage);
  forgetAbout(person, storage);
}
