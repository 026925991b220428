import englishUrl from "emoji-picker-element-data/en/emojibase/data.json?url";
import chineseUrl from "emoji-picker-element-data/zh/emojibase/data.json?url";
import { shallowRef } from "vue";
import type { Language } from "../settings/settings.ts";
import {
  makeEmojiBook,
  type EmojiBook,
  type EmojiEntry,
} from "./emoji-book.ts";

/** The book, once something on the page has needed it. */
export const emojiBook = shallowRef<EmojiBook>();

let wanted: Language | undefined;

/**
 * Fetches the book in this language unless it is there. It is 70 KB, so the
 * page does so only when a shortcode is to be shown or an emoji to be chosen.
 * What fails is tried again the next time that somebody asks.
 */
export function wantEmojiBook(language: Language): void {
  if (wanted === language) return;
  wanted = language;
  void loadBook(language).then(
    (book) => {
      if (wanted === language) emojiBook.value = book;
    },
    () => {
      if (wanted === language) wanted = undefined;
    },
  );
}

async function loadBook(language: Language): Promise<EmojiBook> {
  const [english, local] = await Promise.all([
    loadEntries(englishUrl),
    language === "zh" ? loadEntries(chineseUrl) : [],
  ]);
  return makeEmojiBook(english, local);
}

async function loadEntries(url: string): Promise<readonly EmojiEntry[]> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`No emoji data: ${response.status}`);
  return (await response.json()) as EmojiEntry[];
}
