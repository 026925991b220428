/** One emoji, ready to be looked for. */
export interface Emoji {
  character: string;
  /** In the reader's language. */
  name: string;
  shortcodes: readonly string[];
  /** Lower-case words by which it is found, besides the shortcodes. */
  words: readonly string[];
  group: number;
}

/** All emoji in the order of the Unicode charts, and the way from a shortcode. */
export interface EmojiBook {
  emoji: readonly Emoji[];
  byShortcode: ReadonlyMap<string, Emoji>;
}

/** An entry of the data files, as far as it is used here. */
export interface EmojiEntry {
  emoji: string;
  annotation: string;
  shortcodes?: readonly string[];
  tags?: readonly string[];
  group: number;
  version: number;
}

/** Newer emoji are empty boxes on many systems still. */
const versionMax = 15;
/** The group of skin tones and hair, which are no emoji of their own. */
const componentGroup = 2;

/**
 * Makes the book from the English data, which has the shortcodes everybody
 * types, and from the data in the reader's language, for names and words.
 */
export function makeEmojiBook(
  english: readonly EmojiEntry[],
  local: readonly EmojiEntry[] = [],
): EmojiBook {
  const localByCharacter = new Map(local.map((entry) => [entry.emoji, entry]));
  const emoji = english
    .filter(({ version, group }) => {
      return version <= versionMax && group !== componentGroup;
    })
    .map((entry) => bookEmoji(entry, localByCharacter.get(entry.emoji)));
  const byShortcode = new Map<string, Emoji>();
  for (const one of emoji) {
    for (const shortcode of one.shortcodes) byShortcode.set(shortcode, one);
  }
  return { emoji, byShortcode };
}

function bookEmoji(english: EmojiEntry, local: EmojiEntry | undefined): Emoji {
  const words = [
    ...english.annotation.split(" "),
    ...(english.tags ?? []),
    ...(local === undefined ? [] : [local.annotation, ...(local.tags ?? [])]),
  ];
  return {
    character: english.emoji,
    name: (local ?? english).annotation,
    shortcodes: english.shortcodes ?? [],
    words: words.map((word) => word.toLowerCase()),
    group: english.group,
  };
}

/** The best matches first: the shortcode itself, its beginning, its words, tags. */
export function searchEmoji(
  book: EmojiBook,
  query: string,
  countMax = Number.POSITIVE_INFINITY,
): Emoji[] {
  return ranked(book, query, ranks.partOfWord).slice(0, countMax);
}

/** The same for what stands after a colon: no words that are not part of a name. */
export function completeShortcode(
  book: EmojiBook,
  query: string,
  countMax: number,
): Emoji[] {
  return ranked(book, query, ranks.wordOfShortcode).slice(0, countMax);
}

function ranked(book: EmojiBook, query: string, rankMax: number): Emoji[] {
  const wanted = query.trim().toLowerCase().replaceAll(":", "");
  if (wanted === "") return [];
  return book.emoji
    .map((emoji) => ({ emoji, rank: rankOf(emoji, wanted) }))
    .filter(({ rank }) => rank <= rankMax)
    .sort((a, b) => a.rank - b.rank)
    .map(({ emoji }) => emoji);
}

/** How well an emoji fits; the lower, the better. */
const ranks = {
  exact: 0,
  shortcode: 1,
  wordOfShortcode: 2,
  word: 3,
  startOfWord: 4,
  partOfWord: 5,
  none: 6,
} as const;

function rankOf({ shortcodes, words, name }: Emoji, wanted: string): number {
  if (shortcodes.includes(wanted) || name === wanted) return ranks.exact;
  if (shortcodes.some((code) => code.startsWith(wanted))) {
    return ranks.shortcode;
  }
  if (shortcodes.some((code) => code.includes(`_${wanted}`))) {
    return ranks.wordOfShortcode;
  }
  if (words.includes(wanted)) return ranks.word;
  if (words.some((word) => word.startsWith(wanted))) return ranks.startOfWord;
  // Chinese and Japanese words have no spaces to begin after.
  if (words.some((word) => word.includes(wanted))) return ranks.partOfWord;
  return ranks.none;
}

/** The shortcode to show and to complete to, of those that fit the query. */
export function fittingShortcode(emoji: Emoji, query: string): string {
  const { shortcodes, name } = emoji;
  return (
    shortcodes.find((code) => code.startsWith(query)) ?? shortcodes[0] ?? name
  );
}
