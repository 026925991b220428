import { nextTick, shallowRef, useId, type Ref } from "vue";
import { isForInputMethod } from "./ime-guard.ts";

interface Listbox {
  /** Of the list; each entry's is this with its number (`${id}-0`). */
  id: string;
  /** The entry that Enter takes. */
  at: Ref<number>;
  /** The arrow keys move along, Enter takes; other keys are for `otherwise`. */
  press: (event: KeyboardEvent) => void;
}

/**
 * A list below a field that one types in, gone through without leaving the field
 * (the combobox of the ARIA Authoring Practices).
 */
export function useListbox(list: {
  count: () => number;
  /** Enter, on this entry. */
  take: (at: number) => void;
  /** True when this key meant something. */
  otherwise?: (event: KeyboardEvent) => boolean;
}): Listbox {
  const id = useId();
  const at = shallowRef(0);

  const move = (by: number): void => {
    const count = list.count();
    if (count === 0) return;
    at.value = (at.value + by + count) % count;
    void nextTick(() => {
      document
        .getElementById(`${id}-${at.value}`)
        ?.scrollIntoView({ block: "nearest" });
    });
  };

  const press = (event: KeyboardEvent): void => {
    if (isForInputMethod(event)) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter") list.take(at.value);
    else if (list.otherwise?.(event) !== true) return;
    event.preventDefault();
  };

  return { id, at, press };
}
