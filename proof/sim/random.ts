/** Chance from a seed: the same seed, the same numbers, on every machine. */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number) {
    this.#a = seed | 0;
    this.#b = Math.floor(seed / 2 ** 32) | 0;
    this.#c = 0x9e3779b9 | 0;
    // Seeds that lie side by side begin alike; after this they do not.
    for (let n = 0; n < 15; n += 1) this.bits();
  }

  /** 32 of them (Chris Doty-Humphrey's sfc32). */
  bits(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }

  /** 0 ≤ x < 1. */
  share(): number {
    return this.bits() / 2 ** 32;
  }

  between(least: number, most: number): number {
    return least + this.share() * (most - least);
  }

  /** A whole number of least … most. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.share() * (most - least + 1));
  }

  /** So that short times are as likely as long ones: 1–10 as often as 10–100. */
  spread(least: number, most: number): number {
    return least * (most / least) ** this.share();
  }

  /** Waits between things that happen by themselves, so long on average. */
  wait(mean: number): number {
    return -Math.log(1 - this.share()) * mean;
  }

  chance(share: number): boolean {
    return this.share() < share;
  }

  pick<One>(list: readonly One[]): One {
    const one = list[Math.floor(this.share() * list.length)];
    if (one === undefined) throw new Error("nothing to pick from");
    return one;
  }

  /** Another source, which this one's further numbers do not disturb. */
  fork(): Random {
    return new Random(this.bits() * 2 ** 21 + (this.bits() >>> 11));
  }

  /** Fills bytes as `crypto.getRandomValues` does. */
  fill(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += 4) {
      const bits = this.bits();
      const end = Math.min(at + 4, bytes.length);
      for (let n = at; n < end; n += 1) bytes[n] = bits >>> (8 * (n - at));
    }
  }
}
