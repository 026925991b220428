/** As long as the systems' own long press. */
const heldMs = 500;
/** A finger is never quite still. */
const movedPxMax = 10;

interface LongPress {
  pointerdown: (event: PointerEvent) => void;
  pointermove: (event: PointerEvent) => void;
  pointerup: () => void;
  pointercancel: () => void;
  contextmenu: (event: MouseEvent) => void;
}

/**
 * A finger that stays: where a browser makes no contextmenu of it, as on an
 * iPhone. For `v-on`. Mice have a second button instead.
 */
export function useLongPress(held: (event: PointerEvent) => void): LongPress {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let from = { x: 0, y: 0 };
  const stop = (): void => clearTimeout(timer);
  return {
    pointerdown: (event) => {
      stop();
      if (event.pointerType !== "touch") return;
      from = { x: event.clientX, y: event.clientY };
      timer = setTimeout(() => held(event), heldMs);
    },
    pointermove: (event) => {
      const moved = Math.hypot(event.clientX - from.x, event.clientY - from.y);
      if (moved > movedPxMax) stop();
    },
    pointerup: stop,
    pointercancel: stop,
    // Android's own menu would lie over it.
    contextmenu: (event) => {
      if ("pointerType" in event && event.pointerType === "touch") {
        event.preventDefault();
      }
    },
  };
}
