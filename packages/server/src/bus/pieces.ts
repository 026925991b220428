/** Several items travel together up to this many bytes of JSON. */
const pieceBytesMax = 64_000;

/**
 * JSON texts as few JSON arrays, in order, so that none is long to read and
 * all fit into what NATS carries. `unfit` are those that fit into none.
 */
export function cutIntoPieces(
  items: readonly string[],
  messageBytesMax: number,
): { pieces: string[]; unfit: number[] } {
  const pieces: string[] = [];
  const unfit: number[] = [];
  const bytesMax = Math.min(pieceBytesMax, messageBytesMax);
  let piece: string[] = [];
  // The brackets, and then each item with the comma after it.
  let bytes = 2;
  for (const [index, item] of items.entries()) {
    const itemBytes = Buffer.byteLength(item) + 1;
    if (itemBytes + 2 > messageBytesMax) {
      unfit.push(index);
      continue;
    }
    if (piece.length > 0 && bytes + itemBytes > bytesMax) {
      pieces.push(`[${piece.join(",")}]`);
      piece = [];
      bytes = 2;
    }
    piece.push(item);
    bytes += itemBytes;
  }
  if (piece.length > 0) pieces.push(`[${piece.join(",")}]`);
  return { pieces, unfit };
}
