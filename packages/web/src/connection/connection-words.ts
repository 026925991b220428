import type { ConnectionState } from "@parley/client";
import { t } from "../i18n/i18n.ts";

/** How well it goes, for a colour. */
export type Health = "good" | "busy" | "bad";

export function healthOf({ status }: ConnectionState): Health {
  switch (status) {
    case "live":
      return "good";
    case "connecting":
    case "catching-up":
      return "busy";
    case "waiting":
    case "stopped":
      return "bad";
  }
}

/** The state in a word or two. */
export function stateInWords({ status }: ConnectionState): string {
  switch (status) {
    case "live":
      return t("connected");
    case "connecting":
      return t("connecting");
    case "catching-up":
      return t("catchingUp");
    case "waiting":
      return t("notConnected");
    case "stopped":
      return t("stopped");
  }
}
