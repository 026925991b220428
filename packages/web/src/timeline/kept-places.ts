import type { Anchor } from "./use-keep-scroll.ts";

/** Where a person was in a room when they left it. */
export interface KeptPlace {
  anchor: Anchor;
  seq: number;
  /** The newest message then: with a newer one, one begins there instead. */
  newest: number;
}

// In memory only: after a reload, a room opens at what is new.
const places = new Map<string, KeptPlace>();

export function keepPlace(stream: string, place: KeptPlace | undefined): void {
  if (place === undefined) places.delete(stream);
  else places.set(stream, place);
}

export function keptPlace(stream: string): KeptPlace | undefined {
  return places.get(stream);
}
