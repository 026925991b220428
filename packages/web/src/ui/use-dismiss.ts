import { onScopeDispose, type Ref } from "vue";

/**
 * Closes something that floats above the page when a person turns to something
 * else: presses outside of it, or moves the focus out of it.
 */
export function useDismiss(
  element: Readonly<Ref<HTMLElement | null>>,
  dismiss: () => void,
): void {
  const happenings = new AbortController();
  const options = { signal: happenings.signal, capture: true };
  const leave = (event: Event): void => {
    const isInside =
      event.target instanceof Node && element.value?.contains(event.target);
    if (isInside !== true) dismiss();
  };
  document.addEventListener("pointerdown", leave, options);
  document.addEventListener("focusin", leave, options);
  onScopeDispose(() => happenings.abort());
}
