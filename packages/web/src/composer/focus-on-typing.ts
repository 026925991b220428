import { onScopeDispose, type Ref } from "vue";
import { isForInputMethod } from "../ui/ime-guard.ts";

/**
 * Whoever starts to type with the focus nowhere in particular means to write a
 * message: the composer takes the focus, and with it the very key.
 */
export function focusOnTyping(
  field: Readonly<Ref<HTMLTextAreaElement | null>>,
): void {
  const happenings = new AbortController();
  const turn = (event: KeyboardEvent): void => {
    const isCommand = event.ctrlKey || event.metaKey || event.altKey;
    if (isCommand || isForInputMethod(event) || event.defaultPrevented) return;
    if (event.key.length !== 1 || event.key === "?" || event.key === " ")
      return;
    const target = event.target as Element;
    const isNowhere =
      target === document.body || target.matches("[role=log], aside");
    if (isNowhere) field.value?.focus();
  };
  document.addEventListener("keydown", turn, { signal: happenings.signal });
  onScopeDispose(() => happenings.abort());
}
