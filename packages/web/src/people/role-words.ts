import { roleOf, type Person, type Role } from "@parley/protocol";
import { t } from "../i18n/i18n.ts";

/** A role by its name. */
export function roleInWords(role: Role): string {
  return t(`role_${role}`);
}

/** What is said of somebody beside their name: nothing for a member. */
export function markOf(person: Person & { moderator?: true }): string {
  if (person.suspended) return t("suspendedMark");
  const role = roleOf(person);
  if (role === "bot") return t("bot");
  if (role === "owner" || role === "administrator") return roleInWords(role);
  if (person.moderator || role === "moderator") return t("role_moderator");
  return role === "guest" ? t("role_guest") : "";
}
