import {
  keep,
  readKept,
  type KeyValueStorage,
} from "../settings/device-storage.ts";

/** A draft belongs to a person and a room: two people may share a device. */
interface Place {
  person: string;
  stream: string;
}

/** What was typed in this room and not yet sent. */
export function readDraft(place: Place, storage?: KeyValueStorage): string {
  return readKept(keyOf(place), storage) ?? "";
}

/** Kept at every change, so that a crash costs nothing (D4). */
export function keepDraft(
  place: Place,
  text: string,
  storage?: KeyValueStorage,
): void {
  keep(keyOf(place), text === "" ? undefined : text, storage);
}

function keyOf({ person, stream }: Place): string {
  return `parley.draft.${person}.${stream}`;
}
