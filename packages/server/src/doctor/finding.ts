/** What one check came to. */
export interface Finding {
  /** What was looked at, in a word or two. */
  about: string;
  /** A warning does not fail the whole. */
  status: "fine" | "warning" | "wrong";
  found: string;
  /** What to do, with the exact line if there is one. */
  remedy?: string;
}

export function fine(about: string, found: string): Finding {
  return { about, status: "fine", found };
}

export function warning(about: string, found: string, remedy: string): Finding {
  return { about, status: "warning", found, remedy };
}

export function wrong(about: string, found: string, remedy: string): Finding {
  return { about, status: "wrong", found, remedy };
}

/** What others said is cut at this length. */
const quotedCharsMax = 120;

/**
 * Words of a server that may be anybody's, fit for a terminal: no control and
 * no direction characters, no password of an address, and not much of it.
 */
export function quoted(text: string): string {
  const clean = text
    .slice(0, 2_000)
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, " ")
    .replaceAll(/:\/\/\S*@/g, "://…@")
    .trim();
  return clean.length > quotedCharsMax
    ? `${clean.slice(0, quotedCharsMax)}…`
    : clean;
}
