// Numbers as the tables show them, and what several rounds come to.

/** The middle value; of an even number, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** Three digits, and thousands as k and M: 1,740,000 → "1.74 M". */
export function short(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value >= 999_500) return `${digits(value / 1e6)} M`;
  if (value >= 999.5) return `${digits(value / 1e3)} k`;
  return digits(value);
}

/** The median, and the spread beside it where there are several rounds. */
export function withSpread(
  values: readonly number[],
  format: (value: number) => string = short,
): string {
  if (values.length === 0) return "–";
  const middle = format(median(values));
  if (values.length === 1) return middle;
  return `${middle} (${format(Math.min(...values))}–${format(Math.max(...values))})`;
}

export function milliseconds(us: number): string {
  return digits(us / 1_000);
}

export function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

export function kilobytes(bytes: number): string {
  return (bytes / 1e3).toFixed(1);
}

function digits(value: number): string {
  const decimals = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return value.toFixed(decimals);
}
