import type { Device } from "./device.ts";
import type { Tally } from "./tally.ts";

/** Messages of one device that may wait in one room: people stop, too. */
const waitingMax = 2;
const tickMs = 20;

/** Posts steadily from many devices into all their rooms. */
export class Talk {
  isOn = false;
  readonly #tally: Tally;
  readonly #random: () => number;
  readonly #timer: ReturnType<typeof setInterval>;
  #budget = 0;
  #count = 0;
  #next = 0;
  /** Whose turn it is, and where. */
  readonly #places: readonly { device: Device; stream: string }[];

  constructor(
    devices: readonly Device[],
    tally: Tally,
    { rate, random }: { rate: number; random: () => number },
  ) {
    this.#tally = tally;
    this.#random = random;
    const steady = devices.filter(({ plan }) => !plan.isRestless);
    const places = steady.flatMap((device) =>
      device.person.rooms.map((stream) => ({ device, stream })),
    );
    this.#places = places
      .map((place) => ({ place, at: random() }))
      .sort((one, other) => one.at - other.at)
      .map(({ place }) => place);
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      // What could not be written in time is not made up for.
      const more = (rate * (now - last)) / 1_000;
      this.#budget = Math.min(this.#budget + more, rate / 4);
      last = now;
      if (this.isOn) this.#tick();
    }, tickMs);
  }

  turn(isOn: boolean): void {
    this.isOn = isOn;
    this.#budget = 0;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    for (let tried = 0; tried < this.#places.length; tried += 1) {
      if (this.#budget < 1) return;
      const place = this.#places[this.#next % this.#places.length];
      this.#next += 1;
      if (place === undefined) return;
      const { device, stream } = place;
      if (this.#tally.waiting(device.name, stream) >= waitingMax) continue;
      // Somebody has taken them out, or their session has ended.
      if (!device.isIn(stream)) continue;
      this.#budget -= 1;
      device.post(stream, this.text(device));
    }
  }

  /** Each one is another, and now and then one is long. */
  text(device: Device): string {
    this.#count += 1;
    const length = this.#random() < 0.02 ? 300 : 5 * this.#random();
    return `${device.name} ${this.#count} 你好${" …".repeat(length)}`;
  }
}
