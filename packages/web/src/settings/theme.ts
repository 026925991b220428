import { watchEffect } from "vue";
import { settings } from "./settings.ts";

/** Lets the chosen theme rule the page; without a choice, the system's does. */
export function applyTheme(): void {
  watchEffect(() => {
    const { theme } = settings.value;
    const root = document.documentElement;
    if (theme === "system") delete root.dataset["theme"];
    else root.dataset["theme"] = theme;
  });
}
