import { onScopeDispose, watch } from "vue";
import { useChat } from "./use-chat.ts";

/** So many conversations show who is here; the others are further down. */
const watchedMax = 50;

/** Asks who is here in these rooms, for as long as they are looked at. */
export function useWatchedPresence(streams: () => readonly string[]): void {
  const { chat } = useChat();
  const stops = new Map<string, () => void>();
  watch(
    () => streams().slice(0, watchedMax).join(),
    (wanted) => {
      const now = new Set(wanted === "" ? [] : wanted.split(","));
      for (const [stream, stop] of stops) {
        if (now.has(stream)) continue;
        stop();
        stops.delete(stream);
      }
      for (const stream of now) {
        if (!stops.has(stream)) stops.set(stream, chat.watchPresence(stream));
      }
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    for (const stop of stops.values()) stop();
  });
}
