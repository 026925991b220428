/**
 * Lets so many through at a time, in the order in which they came. What a crowd
 * needs while it comes back is then needed by those who have a place, and not
 * by everybody at once.
 */
export class Turnstile {
  readonly #places: number;
  #taken = 0;
  readonly #waiting: (() => void)[] = [];

  constructor(places: number) {
    this.#places = places;
  }

  /** How many have a place, or wait for one. */
  get crowd(): number {
    return this.#taken + this.#waiting.length;
  }

  /** Resolves when there is a place. Whoever got it calls `leave` once. */
  async enter(): Promise<void> {
    if (this.#taken < this.#places) {
      this.#taken += 1;
      return;
    }
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  /** Gives the place to whoever has waited longest. */
  leave(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#taken -= 1;
    else next();
  }
}
