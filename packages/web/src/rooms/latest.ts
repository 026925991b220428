import type { RoomState } from "@parley/client";
import { onScopeDispose, watch } from "vue";
import { keep, readKept } from "../settings/device-storage.ts";

/** Kept at most this often: what is lost by a crash is an order, not a word. */
const keepEveryMs = 5_000;

/**
 * When something last came in each room, as far as this device has seen: the
 * newest message that is known, or the moment at which the room's log grew.
 */
export function useLatest(
  person: string,
  rooms: () => readonly RoomState[],
): (stream: string) => number {
  const key = `parley.latest.${person}`;
  const times = new Map(readTimes(readKept(key)));
  const heads = new Map<string, number>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const keepSoon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      keep(key, JSON.stringify([...times]));
    }, keepEveryMs);
  };
  watch(
    rooms,
    (present) => {
      for (const { stream, head, timeline } of present) {
        const before = heads.get(stream);
        if (before === head) continue;
        heads.set(stream, head);
        const known = timeline.messages.at(-1)?.at;
        const time = known ?? (before === undefined ? undefined : Date.now());
        if (time === undefined || time <= (times.get(stream) ?? 0)) continue;
        times.set(stream, time);
        keepSoon();
      }
    },
    { immediate: true, flush: "sync" },
  );
  // Who has left is forgotten here: nothing of them is kept after that.
  onScopeDispose(() => clearTimeout(timer));
  return (stream) => times.get(stream) ?? 0;
}

function readTimes(kept: string | undefined): [string, number][] {
  try {
    const value: unknown = JSON.parse(kept ?? "[]");
    return Array.isArray(value) ? value.filter(isTime) : [];
  } catch {
    return [];
  }
}

function isTime(entry: unknown): entry is [string, number] {
  if (!Array.isArray(entry)) return false;
  const [stream, time] = entry as unknown[];
  return typeof stream === "string" && typeof time === "number";
}
