import {
  computed,
  onBeforeUpdate,
  onUpdated,
  shallowRef,
  type ComputedRef,
  type Ref,
} from "vue";
import type { MenuPlace } from "../ui/menu.ts";
import type { MessageRow, Row } from "./rows.ts";

interface MessageMenu {
  /** Of a row that is there, and says something; else undefined. */
  menu: ComputedRef<{ row: MessageRow; at: MenuPlace } | undefined>;
  /** The row whose menu Tab gets to: the newest that has one. */
  reachable: ComputedRef<string | undefined>;
  toggleMenu: (row: MessageRow, at: MenuPlace) => void;
  closeMenu: () => void;
  /** ↑ and ↓ go from one row's menu button to the next. */
  moveMenu: (event: KeyboardEvent) => void;
}

/** Whether there is anything to do with it. */
export function hasMenu(row: Row): row is MessageRow {
  return row.kind === "message" && row.status === "stored" && !row.isDeleted;
}

/** The menu of one message at a time. */
export function useMessageMenu(
  scroller: Readonly<Ref<HTMLElement | null>>,
  rows: () => readonly Row[],
): MessageMenu {
  const opened = shallowRef<{ key: string; at: MenuPlace }>();

  // A row that is deleted loses its button, which may have had the focus.
  let wasHeld = false;
  onBeforeUpdate(() => {
    wasHeld = document.activeElement?.matches(".row-menu") === true;
  });
  onUpdated(() => {
    const isLost = document.activeElement === document.body;
    if (wasHeld && isLost) scroller.value?.focus({ preventScroll: true });
  });

  return {
    menu: computed(() => {
      const { key, at } = opened.value ?? {};
      const row = at && rows().find((one) => one.key === key);
      return row && hasMenu(row) ? { row, at } : undefined;
    }),
    reachable: computed(() => rows().findLast(hasMenu)?.key),
    toggleMenu: (row, at) => {
      const isOpen = opened.value?.key === row.key;
      const closes = isOpen && at.button !== undefined;
      opened.value = closes ? undefined : { key: row.key, at };
    },
    closeMenu: () => {
      opened.value = undefined;
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
