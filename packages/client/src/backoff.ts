/** Bounds of a wait that grows with each failure. */
export interface Backoff {
  minMs: number;
  maxMs: number;
}

/**
 * After a lost connection: soon, but not all clients in one moment. However long
 * a server was away, 5,000 clients are back within 15 s of its return (P13).
 */
export const reconnectBackoff: Backoff = { minMs: 500, maxMs: 12_000 };
/** After the server has asked for less (41xx), or after a mistake. */
export const busyBackoff: Backoff = { minMs: 5_000, maxMs: 60_000 };
/** Before a refused command is tried again, where the server names no time. */
export const retryBackoff: Backoff = { minMs: 1_000, maxMs: 20_000 };

/**
 * The wait after so many failures in a row: anything between the minimum and
 * a ceiling that doubles each time ("full jitter"), so that clients which were
 * cut off together do not come back together.
 */
export function delayMs(
  { minMs, maxMs }: Backoff,
  failures: number,
  random: number,
): number {
  // Beyond 2^16 the ceiling is far above any maximum.
  const ceiling = minMs * 2 ** (Math.min(failures, 16) + 1);
  return Math.round(minMs + random * (Math.min(maxMs, ceiling) - minMs));
}
