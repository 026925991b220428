import {
  errors,
  isErrorCode,
  type ErrorCode,
  type ParleyError,
} from "@parley/protocol";
import { shallowRef, watch } from "vue";
import { settings, type Language } from "../settings/settings.ts";
import { en } from "./en.ts";

/** Every text of the page, in one language. en.ts says which there are. */
export type Texts = {
  readonly [Key in keyof typeof en]: (typeof en)[Key] extends (
    ...values: infer Values
  ) => string
    ? (...values: Values) => string
    : string;
};

/** A language: its texts, and the server's errors in its words. */
export interface Dictionary {
  texts: Texts;
  errors: Readonly<Record<ErrorCode | "no_connection", string>>;
}

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

const dictionary = shallowRef(english);

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
  const text: string | ((...given: never[]) => string) =
    dictionary.value.texts[key];
  return typeof text === "string" ? text : text(...(values as never[]));
}

/** What happened and what to do, for anything that a command may throw. */
export function errorInWords(error: unknown): string {
  const { code, retryAfterMs } = error as Partial<ParleyError>;
  if (code === "rate_limited" && retryAfterMs !== undefined) {
    return t("tooFast", Math.ceil(retryAfterMs / 1_000));
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
  return settings.value.language ?? browserLanguage(navigator.languages);
}

/** The first of the browser's languages that the page knows. */
export function browserLanguage(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    if (/^zh\b/iu.test(tag)) return "zh";
    if (/^en\b/iu.test(tag)) return "en";
  }
  return "en";
}

async function showLanguage(wanted: Language): Promise<void> {
  const loaded = wanted === "zh" ? (await import("./zh.ts")).chinese : english;
  // Another choice may have been made while this one was loading.
  if (wantedLanguage() !== wanted) return;
  dictionary.value = loaded;
  language.value = wanted;
  document.documentElement.lang = wanted === "zh" ? "zh-Hans" : "en";
}
