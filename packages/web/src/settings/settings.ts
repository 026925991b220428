import { shallowRef } from "vue";
import { keep, readKept } from "./device-storage.ts";

export const themes = ["system", "light", "dark"] as const;
export type Theme = (typeof themes)[number];

export const sendKeys = ["enter", "mod-enter"] as const;
/** What sends a message; the other way of pressing Enter breaks the line. */
export type SendKey = (typeof sendKeys)[number];

export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];

export interface Settings {
  theme: Theme;
  /** undefined: the browser's. */
  language: Language | undefined;
  sendKey: SendKey;
  /** Whether the room's details stand beside the timeline, where there is room. */
  showsDetails: boolean;
}

const storageKey = "parley.settings";

/** How this device is set; replaced as a whole by `changeSettings`. */
export const settings = shallowRef<Settings>(
  readSettings(readKept(storageKey)),
);

export function changeSettings(changes: Partial<Settings>): void {
  settings.value = { ...settings.value, ...changes };
  keep(storageKey, JSON.stringify(settings.value));
}

/** Takes what it understands from what was kept, and the defaults for the rest. */
export function readSettings(kept: string | undefined): Settings {
  const found = parseObject(kept);
  return {
    theme: oneOf(themes, found["theme"]) ?? "system",
    language: oneOf(languages, found["language"]),
    sendKey: oneOf(sendKeys, found["sendKey"]) ?? "enter",
    showsDetails: found["showsDetails"] !== false,
  };
}

function parseObject(kept: string | undefined): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(kept ?? "{}");
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function oneOf<Choice extends string>(
  choices: readonly Choice[],
  value: unknown,
): Choice | undefined {
  return choices.find((choice) => choice === value);
}
