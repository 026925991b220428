import type { Env } from "./env.ts";

/**
 * A new idempotency key: UUID version 7 (RFC 9562 §5.7). 74 of its bits are
 * chance, so two devices of one person do not meet.
 */
export function makeCid(env: Env): string {
  const bytes = env.randomBytes(16);
  const now = env.now();
  for (let index = 0; index < 6; index += 1) {
    // Not with shifts: the time has 48 bits and they would cut it to 32.
    bytes[index] = Math.floor(now / 2 ** (8 * (5 - index))) % 256;
  }
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0"));
  return [
    hex.slice(0, 4),
    hex.slice(4, 6),
    hex.slice(6, 8),
    hex.slice(8, 10),
    hex.slice(10),
  ]
    .map((part) => part.join(""))
    .join("-");
}
