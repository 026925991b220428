import { isForInputMethod } from "../ui/ime-guard.ts";

/** What the keyboard can do wherever the focus is. */
interface ShortcutVerbs {
  switchRoom: () => void;
  showShortcuts: () => void;
  nextRoom: () => void;
  previousRoom: () => void;
}

/** ⌘ on Apple's keyboards, Ctrl on all others. */
export const isApple = /Mac|iPhone|iPad/u.test(navigator.userAgent);

/** Whether the key for commands is held, and no other. */
export function hasCommandKey(event: KeyboardEvent): boolean {
  return isApple ? event.metaKey : event.ctrlKey;
}

export function watchShortcuts(
  verbs: ShortcutVerbs,
  signal: AbortSignal,
): void {
  const act = (event: KeyboardEvent): void => {
    if (isForInputMethod(event) || event.defaultPrevented) return;
    const verb = verbOf(event);
    // A dialog is a place of its own: what is behind it stays as it is.
    if (verb === undefined || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    verbs[verb]();
  };
  document.addEventListener("keydown", act, { signal });
}

function verbOf(event: KeyboardEvent): keyof ShortcutVerbs | undefined {
  const { key, altKey, shiftKey } = event;
  if (hasCommandKey(event) && !altKey && !shiftKey && key === "k") {
    return "switchRoom";
  }
  if (altKey && key === "ArrowDown") return "nextRoom";
  if (altKey && key === "ArrowUp") return "previousRoom";
  if (key === "?" && !isTyping(event)) return "showShortcuts";
  return undefined;
}

function isTyping({ target }: KeyboardEvent): boolean {
  return target instanceof Element && target.matches("input, textarea");
}
