import {
  computed,
  onScopeDispose,
  readonly,
  shallowRef,
  type ComputedRef,
} from "vue";

export interface Toast {
  id: number;
  text: string;
}

/** Long enough to be read twice. */
const shownMs = 6_000;

const shown = shallowRef<readonly Toast[]>([]);
let lastId = 0;

/** What is shown now, the oldest first. */
export const toasts = readonly(shown);

/** Where they can be shown; the last lies over the others. */
const places = shallowRef<readonly symbol[]>([]);

/** A place of the calling component's own. True while nothing lies over it. */
export function useToastPlace(): ComputedRef<boolean> {
  const own = Symbol("place");
  places.value = [...places.value, own];
  onScopeDispose(() => {
    places.value = places.value.filter((place) => place !== own);
  });
  return computed(() => places.value.at(-1) === own);
}

/** Says something in passing; it is read out when nothing else is. */
export function showToast(text: string): void {
  lastId += 1;
  const toast = { id: lastId, text };
  // The same words twice are one toast that stays longer.
  const others = shown.value.filter((other) => other.text !== text);
  shown.value = [...others, toast].slice(-3);
  setTimeout(() => hideToast(toast.id), shownMs);
}

export function hideToast(id: number): void {
  shown.value = shown.value.filter((toast) => toast.id !== id);
}
