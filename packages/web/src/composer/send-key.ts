import type { SendKey } from "../settings/settings.ts";

/** What pressing Enter does in the composer. */
export type EnterMeans = "send" | "break";

interface EnterPress {
  hasShift: boolean;
  /** Ctrl, or ⌘ on Apple's keyboards. */
  hasCommand: boolean;
  hasAlt: boolean;
}

/**
 * Where there is only a touch screen, Enter is the only key that can break a
 * line, and a button sends.
 */
export function meaningOfEnter(
  press: EnterPress,
  setting: SendKey,
  isTouchOnly: boolean,
): EnterMeans {
  if (press.hasShift || press.hasAlt) return "break";
  if (press.hasCommand) return "send";
  return setting === "enter" && !isTouchOnly ? "send" : "break";
}
