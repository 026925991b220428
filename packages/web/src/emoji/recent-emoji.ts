import { shallowRef } from "vue";
import { keep, readKept } from "../settings/device-storage.ts";

const storageKey = "parley.emoji.recent";
/** Two lines of the picker. */
const countMax = 16;

/** What was chosen lately on this device, the latest first. */
export const recentEmoji = shallowRef<readonly string[]>(
  (readKept(storageKey) ?? "").split(" ").filter(Boolean).slice(0, countMax),
);

export function rememberEmoji(character: string): void {
  const others = recentEmoji.value.filter((other) => other !== character);
  recentEmoji.value = [character, ...others].slice(0, countMax);
  keep(storageKey, recentEmoji.value.join(" "));
}
