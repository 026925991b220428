const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Scripts whose first character stands for the name by itself. */
const standsAlone =
  /^[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{Extended_Pictographic}\p{Regional_Indicator}]/u;

/**
 * What stands for a name in a small circle: 山 for 山田太郎, AL for Ada
 * Lovelace, a whole emoji for a name that begins with one. By grapheme, so that
 * neither a family of emoji nor a kana with its mark is cut in two.
 */
export function initialsOf(name: string): string {
  const words = name.normalize("NFC").trim().split(/\s+/u);
  const first = firstGrapheme(words[0] ?? "");
  if (first === "" || standsAlone.test(first)) return first;
  const last = words.length > 1 ? firstGrapheme(words.at(-1) ?? "") : "";
  return `${first}${standsAlone.test(last) ? "" : last}`.toLocaleUpperCase(
    "en",
  );
}

function firstGrapheme(word: string): string {
  for (const { segment } of graphemes.segment(word)) return segment;
  return "";
}
