/** How often something may happen: a token bucket's two numbers. */
export interface Rate {
  /** Tokens that come back per second. */
  perSecond: number;
  /** Tokens a full bucket holds. */
  burst: number;
}

const secondsIn = { s: 1, min: 60, h: 3_600, day: 86_400 } as const;
const shape = /^(\d+(?:\.\d+)?)\/(s|min|h|day) burst (\d+)$/;

/** Reads `2/s burst 20`, `20/h burst 20`. Throws an Error that says the form. */
export function parseRate(text: string): Rate {
  const [, amount, unit, burst] = shape.exec(text) ?? [];
  const perSecond =
    Number(amount) / secondsIn[(unit ?? "s") as keyof typeof secondsIn];
  if (amount === undefined || perSecond <= 0 || Number(burst) < 1) {
    throw new Error(
      'must look like "2/s burst 20" (units: s, min, h, day; nothing below one)',
    );
  }
  return { perSecond, burst: Number(burst) };
}
