import {
  errors,
  isErrorCode,
  type ErrorCode,
  type ParleyError,
} from "@parley/protocol";
import { shallowRef, watch } from "vue";
import { settings, type Language } from "../settings/settings.ts";
import type { enAdmin } from "./en-admin.ts";
import type { enConnection } from "./en-connection.ts";
import type { enMore } from "./en-more.ts";
import { en } from "./en.ts";

/** Texts, of the same names and with the same values in every language. */
export type TextsLike<English> = {
  readonly [Key in keyof English]: English[Key] extends (
    ...values: infer Values
  ) => string
    ? (...values: Values) => string
    : string;
};

type English = typeof en & typeof enMore & typeof enConnection & typeof enAdmin;

/** Every text of the page, in one language. The English files say which there are. */
export type Texts = TextsLike<English>;

/** What is loaded of a language: texts, and the server's errors in its words. */
export interface Dictionary {
  texts: TextsLike<typeof en>;
  errors: Readonly<Record<ErrorCode | "no_connection", string>>;
}

/**
 * The texts of parts that are loaded when they are needed come with them:
 * `more` for whatever opens in the chat and for the door, the others for what
 * they are called after.
 */
export type TextPart = "more" | "connection" | "admin";

type Values<Key extends keyof Texts> = Texts[Key] extends (
  ...values: infer Given
) => string
  ? Given
  : [];

const english: Dictionary = {
  texts: en,
  errors: {
    ...(Object.fromEntries(
      Object.entries(errors).map(([code, { message }]) => [code, message]),
    ) as Record<ErrorCode, string>),
    no_connection:
      "There is no connection to the server. Check your network and try again.",
  },
};

const laterTexts = {
  en: {
    more: async () => (await import("./en-more.ts")).enMore,
    connection: async () => (await import("./en-connection.ts")).enConnection,
    admin: async () => (await import("./en-admin.ts")).enAdmin,
  },
  zh: {
    more: async () => (await import("./zh-more.ts")).chineseMore,
    connection: async () =>
      (await import("./zh-connection.ts")).chineseConnection,
    admin: async () => (await import("./zh-admin.ts")).chineseAdmin,
  },
} satisfies Record<Language, Record<TextPart, () => Promise<Partial<Texts>>>>;

const dictionary = shallowRef<{
  texts: Partial<Texts>;
  errors: Dictionary["errors"];
}>(english);

/** The parts that something on the page has asked for. */
const wantedParts = new Set<TextPart>();

/** What the place speaks to who has not chosen; undefined: the browser's language. */
export const placeLanguage = shallowRef<Language>();

/** The language that the page is in. */
export const language = shallowRef<Language>("en");

/**
 * A text of the page in the reader's language. Used while rendering, it makes
 * the component follow a change of language.
 */
export function t<Key extends keyof Texts>(
  key: Key,
  ...values: Values<Key>
): string {
  const text: string | ((...given: never[]) => string) | undefined =
    dictionary.value.texts[key];
  // A part's component comes only with its texts (late-component.ts).
  if (text === undefined) return "";
  return typeof text === "string" ? text : text(...(values as never[]));
}

/** Resolves when `t` knows the texts of this part. */
export async function loadTexts(part: TextPart): Promise<void> {
  if (wantedParts.has(part) && hasPart(part)) return;
  wantedParts.add(part);
  await showLanguage(wantedLanguage());
}

/** One text of each part: when it is there, the others are. */
const samples = {
  more: "join",
  connection: "handshake",
  admin: "backToChat",
} as const;

function hasPart(part: TextPart): boolean {
  return dictionary.value.texts[samples[part]] !== undefined;
}

/** What happened and what to do, for anything that a command may throw. */
export function errorInWords(error: unknown): string {
  const { code, retryAfterMs } = error as Partial<
    Pick<ParleyError, "retryAfterMs"> & { code: string }
  >;
  // A person who changed their mind knows what happened.
  if (code === "cancelled") return "";
  if (code === "rate_limited" && retryAfterMs !== undefined) {
    const seconds = Math.ceil(retryAfterMs / 1_000);
    if (seconds <= 90) return t("tooFast", seconds);
    return t("tooFastMinutes", Math.ceil(seconds / 60));
  }
  return codeInWords(code);
}

/** The same for a code alone, as a failed message keeps it. */
export function codeInWords(code: string | undefined): string {
  const words = dictionary.value.errors;
  if (code === undefined) return t("unexpected");
  if (code === "no_connection") return words.no_connection;
  return isErrorCode(code) ? words[code] : words.invalid_value;
}

/**
 * Puts the page into the chosen language, or the browser's, and keeps it there.
 * Resolves when the first texts can be drawn.
 */
export async function startLanguage(): Promise<void> {
  await showLanguage(wantedLanguage());
  watch(wantedLanguage, (wanted) => void showLanguage(wanted));
}

function wantedLanguage(): Language {
  return (
    settings.value.language ??
    placeLanguage.value ??
    browserLanguage(navigator.languages)
  );
}

/** The first of the browser's languages that the page knows. */
export function browserLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    if (/^zh\b/iu.test(tag)) return "zh";
    if (/^en\b/iu.test(tag)) return "en";
  }
  return "en";
}

/** What was loaded of each language; parts are added to it. */
const known: Record<Language, Partial<Texts>> = { en: {}, zh: {} };

async function showLanguage(wanted: Language): Promise<void> {
  const [first, ...later] = await Promise.all([
    wanted === "zh" ? import("./zh.ts").then(chineseOf) : english,
    ...[...wantedParts].map((part) => laterTexts[wanted][part]()),
  ]);
  Object.assign(known[wanted], first.texts, ...later);
  // Another choice may have been made while this one was loading.
  if (wantedLanguage() !== wanted) return;
  dictionary.value = { texts: { ...known[wanted] }, errors: first.errors };
  language.value = wanted;
  document.documentElement.lang = wanted === "zh" ? "zh-Hans" : "en";
}

function chineseOf({ chinese }: { chinese: Dictionary }): Dictionary {
  return chinese;
}
