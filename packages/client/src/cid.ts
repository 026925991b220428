import type { Env } from "./env.ts";

const cidDigits = 36;
/** Of chance only: the last group of a UUID. */
const tailDigits = 12;

/**
 * The key of the next try of what was refused for good. Every tab makes the same
 * one, so that a retry in two of them at once is stored once (D-3).
 */
export function nextCid(env: Env, cid: string): string {
  const tail = parseInt(cid.slice(-tailDigits), 16);
  if (cid.length !== cidDigits || Number.isNaN(tail)) return makeCid(env);
  const next = (tail + 1) % 16 ** tailDigits;
  return (
    cid.slice(0, -tailDigits) + next.toString(16).padStart(tailDigits, "0")
  );
}

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
