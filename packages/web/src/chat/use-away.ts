import { onScopeDispose } from "vue";
import { useChat } from "./use-chat.ts";

/** Whoever touches nothing for this long is away … */
const idleMs = 5 * 60_000;
/** … and it is looked at this often, instead of with every key. */
const lookEveryMs = 15_000;

/** Tells the server whether somebody is at this page. */
export function useAway(): void {
  const { chat } = useChat();
  const happenings = new AbortController();
  const options = { signal: happenings.signal, passive: true, capture: true };
  let touchedAt = Date.now();
  let isAway = false;
  const tell = (): void => {
    const isIdle = Date.now() - touchedAt >= idleMs;
    if (isIdle === isAway) return;
    isAway = isIdle;
    chat.setAway(isAway);
  };
  const touch = (): void => {
    touchedAt = Date.now();
    if (isAway) tell();
  };
  for (const name of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    document.addEventListener(name, touch, options);
  }
  document.addEventListener(
    "visibilitychange",
    () => {
      if (document.visibilityState === "visible") touch();
    },
    options,
  );
  const timer = setInterval(tell, lookEveryMs);
  onScopeDispose(() => {
    clearInterval(timer);
    happenings.abort();
  });
}
