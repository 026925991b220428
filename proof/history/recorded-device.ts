import type { History } from "./history.ts";
import type { ClientRecord } from "./record.ts";

/** Whose records these are, and by which clock. */
export interface Device {
  history: History;
  now: () => number;
  person: string;
  device: string;
  /** Counts the device's connections over all its lives. */
  nextConnection: () => string;
}

/** A record without what all records of a device have in common. */
export type Told<Entry = ClientRecord> = Entry extends ClientRecord
  ? Omit<Entry, "t" | "p" | "c">
  : never;

export function tellerOf(device: Device): (told: Told) => void {
  const { history, now, person, device: c } = device;
  return (told) => {
    history.record({ t: now(), p: person, c, ...told });
  };
}
