/**
 * SHA-1 (FIPS 180-4 §6.1). The browser has it only in secure contexts, and a
 * page on http://192.168.… is none. It shows how the handshake works and guards
 * nothing: SHA-1 is broken for signatures.
 */
export function sha1(message: Uint8Array): Uint8Array {
  const words = padded(message);
  const state = new Uint32Array([
    0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0,
  ]);
  for (let block = 0; block < words.length; block += 16) {
    mix(state, schedule(words.subarray(block, block + 16)));
  }
  const digest = new Uint8Array(20);
  const view = new DataView(digest.buffer);
  state.forEach((word, index) => view.setUint32(index * 4, word));
  return digest;
}

/** A one bit, zeros, and the length in bits fill the last block. */
function padded(message: Uint8Array): Uint32Array {
  const blocks = Math.ceil((message.length + 9) / 64);
  const bytes = new Uint8Array(blocks * 64);
  bytes.set(message);
  bytes[message.length] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setBigUint64(bytes.length - 8, BigInt(message.length) * 8n);
  return Uint32Array.from({ length: blocks * 16 }, (_, index) =>
    view.getUint32(index * 4),
  );
}

function schedule(block: Uint32Array): Uint32Array {
  const words = new Uint32Array(80);
  words.set(block);
  for (let index = 16; index < 80; index += 1) {
    const mixed =
      word(words, index - 3) ^
      word(words, index - 8) ^
      word(words, index - 14) ^
      word(words, index - 16);
    words[index] = rotated(mixed, 1);
  }
  return words;
}

function mix(state: Uint32Array, words: Uint32Array): void {
  let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
  words.forEach((next, index) => {
    const [f, k] = round(index, b, c, d);
    const sum = (rotated(a, 5) + f + e + k + next) >>> 0;
    [e, d, c, b, a] = [d, c, rotated(b, 30), a, sum];
  });
  [a, b, c, d, e].forEach((value, index) => {
    state[index] = word(state, index) + value;
  });
}

function round(
  index: number,
  b: number,
  c: number,
  d: number,
): [f: number, k: number] {
  if (index < 20) return [((b & c) | (~b & d)) >>> 0, 0x5a827999];
  if (index < 40) return [(b ^ c ^ d) >>> 0, 0x6ed9eba1];
  if (index < 60) return [((b & c) | (b & d) | (c & d)) >>> 0, 0x8f1bbcdc];
  return [(b ^ c ^ d) >>> 0, 0xca62c1d6];
}

function rotated(value: number, bits: number): number {
  return ((value << bits) | (value >>> (32 - bits))) >>> 0;
}

function word(words: Uint32Array, index: number): number {
  return words[index] ?? 0;
}
