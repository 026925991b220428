/** "1 room", "1,200 rooms". */
export function amount(
  count: number,
  one: string,
  several = `${one}s`,
): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : several}`;
}

export function inMegabytes(bytes: number): string {
  const megabytes = bytes / 1_048_576;
  return megabytes < 10_000
    ? `${megabytes.toFixed(1)} MB`
    : `${(megabytes / 1_024).toFixed(0)} GB`;
}
