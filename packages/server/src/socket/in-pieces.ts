import { limits } from "@parley/protocol";

/**
 * Encoded objects in portions of about 64 KiB, in order. What is sent in one
 * go counts against the limit that cuts slow readers, whoever reads; so more
 * than a portion waits for room in between.
 */
export function inPieces(texts: readonly string[]): string[][] {
  const pieces: string[][] = [];
  let length = Infinity;
  for (const text of texts) {
    if (length + text.length > limits.frameBytes) {
      pieces.push([]);
      length = 0;
    }
    pieces.at(-1)?.push(text);
    length += text.length;
  }
  return pieces;
}
