import { computed, shallowRef, watch, type ComputedRef, type Ref } from "vue";
import {
  completeShortcode,
  fittingShortcode,
  type Emoji,
} from "../emoji/emoji-book.ts";
import { emojiBook, wantEmojiBook } from "../emoji/load-emoji.ts";
import { language } from "../i18n/i18n.ts";
import { findShortcodeTrigger } from "./shortcode-trigger.ts";

/** More than these would be searched, not chosen. */
const choicesMax = 8;

export interface Choice {
  emoji: Emoji;
  shortcode: string;
}

interface Completion {
  /** Empty while there is nothing to choose: then it takes no key. */
  choices: ComputedRef<readonly Choice[]>;
  chosen: Readonly<Ref<number>>;
  move: (step: 1 | -1) => void;
  close: () => void;
  /** The text and the caret with this choice in place of what was typed. */
  complete: (choice: Choice) => { text: string; caret: number };
}

/** The list of emoji for a `:shortcode` that is being typed. */
export function useCompletion(
  text: Readonly<Ref<string>>,
  caret: Readonly<Ref<number>>,
): Completion {
  const chosen = shallowRef(0);
  const closedAt = shallowRef<number>();
  const trigger = computed(() => findShortcodeTrigger(text.value, caret.value));

  const choices = computed(() => {
    const { start, query = "" } = trigger.value ?? {};
    const book = emojiBook.value;
    if (start === undefined || start === closedAt.value || !book) return [];
    return completeShortcode(book, query, choicesMax).map((emoji) => ({
      emoji,
      shortcode: fittingShortcode(emoji, query),
    }));
  });

  watch(trigger, (typed) => {
    if (typed === undefined) closedAt.value = undefined;
    else wantEmojiBook(language.value);
  });
  watch(choices, () => {
    chosen.value = 0;
  });

  return {
    choices,
    chosen,
    move: (step) => {
      const count = choices.value.length;
      chosen.value = (chosen.value + step + count) % count;
    },
    close: () => {
      closedAt.value = trigger.value?.start;
    },
    complete: ({ emoji }) => {
      const start = trigger.value?.start ?? caret.value;
      const before = text.value.slice(0, start) + emoji.character;
      const after = text.value.slice(caret.value);
      const space = after.startsWith(" ") ? "" : " ";
      return {
        text: before + space + after,
        caret: before.length + 1,
      };
    },
  };
}
