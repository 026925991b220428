import { t } from "../i18n/i18n.ts";

/**
 * Where a session is, as its owner would say it. The server has read it from
 * what the browser calls itself: "Firefox on Linux", one of the two, or nothing.
 */
export function deviceInWords(agent: string): string {
  if (agent === "") return t("unknownDevice");
  const [, browser, system] = /^(\S+) on (\S+)$/u.exec(agent) ?? [];
  return browser === undefined || system === undefined
    ? agent
    : t("browserOn", browser, system);
}
