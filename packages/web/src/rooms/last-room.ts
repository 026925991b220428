import { keep, readKept } from "../settings/device-storage.ts";

/** The room that this person had open last on this device. */
export function lastRoom(person: string): string | undefined {
  return readKept(keyOf(person));
}

export function rememberLastRoom(person: string, stream: string): void {
  keep(keyOf(person), stream);
}

function keyOf(person: string): string {
  return `parley.room.${person}`;
}
