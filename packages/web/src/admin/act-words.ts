import { roles } from "@parley/protocol";
import type { ActEntry } from "../chat/use-administration.ts";
import { t } from "../i18n/i18n.ts";
import { roleInWords } from "../people/role-words.ts";

/** As whom the command line acts: nobody can be signed in as this. */
const operator = "u_0founder0";

interface Names {
  person: (id: string) => string;
  room: (stream: string) => string;
}

/** Who did what, to whom, as a sentence. */
export function actInWords(
  { act, by, person, room, detail = {} }: ActEntry,
  names: Names,
): string {
  const who = by === operator ? t("theOperator") : names.person(by);
  const whom = person === undefined ? "" : names.person(person);
  const where = room === undefined ? "" : names.room(room);
  const role = roles.find((one) => one === detail["role"]);
  const what = role === undefined ? "" : roleInWords(role);
  switch (act) {
    case "place.claimed":
      return t("act_claimed", who);
    case "place.changed":
      return t("act_changed", who, settingsInWords(detail));
    case "person.added":
      return t("act_added", who, whom, what);
    case "person.role":
      return t("act_role", who, whom, what);
    case "person.suspended":
      return t("act_suspended", who, whom);
    case "person.restored":
      return t("act_restored", who, whom);
    case "person.reset":
      return t("act_reset", who, whom);
    case "person.signed-out":
      return t("act_signedOut", who, whom);
    case "invitation.made":
      return t("act_invited", who, what);
    case "invitation.revoked":
      return t("act_revoked", who);
    case "room.changed":
      return detail["kind"] === undefined
        ? t("act_roomChanged", who, where)
        : t(
            detail["kind"] === "private" ? "act_roomPrivate" : "act_roomPublic",
            who,
            where,
          );
    case "room.archived":
      return t("act_archived", who, where);
    case "room.restored":
      return t("act_roomRestored", who, where);
    case "room.default":
      return t(
        detail["isDefault"] === false ? "act_noDefault" : "act_default",
        who,
        where,
      );
    case "room.removed":
      return t("act_removed", who, whom, where);
    case "room.moderator":
      return t(
        detail["moderator"] === false ? "act_noModerator" : "act_moderator",
        who,
        whom,
        where,
      );
    case "message.deleted":
      return t("act_deleted", who, whom, where);
  }
}

const settingNames = {
  name: "placeName",
  joinMode: "joinMode",
  domains: "domains",
  language: "placeLanguage",
  roomsBy: "roomsBy",
  showsPresence: "placePresence",
} as const;

/** The settings that were decided anew, by their names. */
function settingsInWords(detail: NonNullable<ActEntry["detail"]>): string {
  return Object.keys(settingNames)
    .filter((key) => key in detail)
    .map((key) => t(settingNames[key as keyof typeof settingNames]))
    .join(t("listComma"));
}
