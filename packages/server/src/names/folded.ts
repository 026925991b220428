/**
 * A text without regard to case and width. Up and down again is what comes
 * nearest to Unicode's case folding: ß and ss meet, as do the two small sigmas.
 */
export function folded(text: string): string {
  return text.normalize("NFKC").toUpperCase().toLowerCase().normalize("NFKC");
}
