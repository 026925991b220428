import { onMounted, type Ref } from "vue";
import { isForInputMethod } from "./ime-guard.ts";

/**
 * Hears the keys pressed within an element that is no control itself, except
 * those that belong to an input method.
 */
export function useKeys(
  element: Readonly<Ref<HTMLElement | null>>,
  press: (event: KeyboardEvent) => void,
): void {
  onMounted(() => {
    element.value?.addEventListener("keydown", (event) => {
      if (!isForInputMethod(event)) press(event);
    });
  });
}
