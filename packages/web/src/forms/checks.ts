import {
  codePoints,
  normalizeName,
  objectionToEmail,
  objectionToName,
  objectionToRoomName,
  type ErrorCode,
} from "@parley/protocol";
import { codeInWords, t } from "../i18n/i18n.ts";
import type { Check } from "./use-form.ts";

// What is known to be wrong before it is sent. What only the server can know
// (a name that is taken, a password that everybody uses) it says itself.

export const checkEmail: Check = (typed) => {
  if (typed.trim() === "") return t("emailMissing");
  return inWords(objectionToEmail(typed.trim()));
};

export const checkName: Check = (typed) => {
  const name = normalizeName(typed);
  return name === "" ? t("nameMissing") : inWords(objectionToName(name));
};

export const checkUsername: Check = (typed) =>
  typed.trim() === "" ? t("usernameMissing") : "";

/** A password that one has: whether there is one is all that can be said here. */
export const checkPassword: Check = (typed) =>
  typed === "" ? t("passwordMissing") : "";

/** A password that one chooses. */
export function checkNewPassword(leastCodePoints: number): Check {
  return (typed) => {
    if (typed === "") return t("passwordMissing");
    return codePoints(typed) < leastCodePoints
      ? t("passwordShort", leastCodePoints)
      : "";
  };
}

export const checkRoomName: Check = (typed) => {
  const name = normalizeName(typed);
  if (name === "") return t("roomNameMissing");
  const objection = objectionToRoomName(name);
  return objection === "invalid_name" ? t("roomNameLong") : inWords(objection);
};

export const noCheck: Check = () => "";

function inWords(objection: ErrorCode | undefined): string {
  return objection === undefined ? "" : codeInWords(objection);
}
