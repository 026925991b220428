/** The highest number that anybody was told, in a stream, at any moment. */
export class AcknowledgedNumbers {
  readonly #streams = new Map<string, { times: number[]; highest: number[] }>();

  add(stream: string, seq: number, t: number): void {
    const known = this.#streams.get(stream);
    if (known === undefined) {
      this.#streams.set(stream, { times: [t], highest: [seq] });
    } else if (seq > (known.highest.at(-1) ?? 0)) {
      known.times.push(t);
      known.highest.push(seq);
    }
  }

  highest(stream: string): number {
    return this.#streams.get(stream)?.highest.at(-1) ?? 0;
  }

  /** The highest of those that were told before this moment. */
  highestBefore(stream: string, t: number): number {
    const known = this.#streams.get(stream);
    if (known === undefined) return 0;
    const { times, highest } = known;
    let low = 0;
    let high = times.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((times[middle] ?? 0) < t) low = middle + 1;
      else high = middle;
    }
    return highest[low - 1] ?? 0;
  }
}
