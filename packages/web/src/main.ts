import { createApp } from "vue";
import App from "./App.vue";
import { startLanguage, t } from "./i18n/i18n.ts";
import { watchPage } from "./page.ts";
import { applyTheme } from "./settings/theme.ts";
import { watchInputMethod } from "./ui/ime-guard.ts";
import { showToast } from "./ui/toasts.ts";
import { watchDays } from "./ui/today.ts";

watchPage();
applyTheme();
watchInputMethod(document);
watchDays();
// A newer page was installed while this one was open: its parts have gone.
window.addEventListener("vite:preloadError", () => showToast(t("outdated")));
void startLanguage().then(() => createApp(App).mount("#app"));
