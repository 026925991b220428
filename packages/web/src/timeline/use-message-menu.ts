import { computed, shallowRef, type ComputedRef, type Ref } from "vue";
import type { MenuPlace } from "../ui/menu.ts";
import type { MessageRow, Row } from "./rows.ts";

interface MessageMenu {
  menu: Ref<{ row: MessageRow; at: MenuPlace } | undefined>;
  /** The row whose menu Tab gets to: the newest that has one. */
  reachable: ComputedRef<string | undefined>;
  toggleMenu: (row: MessageRow, at: MenuPlace) => void;
  /** ↑ and ↓ go from one row's menu button to the next. */
  moveMenu: (event: KeyboardEvent) => void;
}

/** The menu of one message at a time. */
export function useMessageMenu(
  scroller: Readonly<Ref<HTMLElement | null>>,
  rows: () => readonly Row[],
): MessageMenu {
  const menu: MessageMenu["menu"] = shallowRef();
  return {
    menu,
    reachable: computed(
      () =>
        rows().findLast(
          (row) =>
            row.kind === "message" && row.status === "stored" && !row.isDeleted,
        )?.key,
    ),
    toggleMenu: (row, at) => {
      const isOpen = menu.value?.row.key === row.key;
      menu.value = isOpen && at.button !== undefined ? undefined : { row, at };
    },
    moveMenu: (event) => {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (step === undefined || !(event.target instanceof Element)) return;
      if (!event.target.matches(".row-menu")) return;
      const all = [
        ...(scroller.value?.querySelectorAll<HTMLElement>(".row-menu") ?? []),
      ];
      const index = all.findIndex((button) => button === event.target);
      event.preventDefault();
      all[index + step]?.focus();
    },
  };
}
