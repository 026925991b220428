import type { FaultKind } from "./fault-kind.ts";
import type { Random } from "./random.ts";
import type { Due } from "./virtual-time.ts";
import type { World } from "./world.ts";

/** Lets what a plan allows happen, until it is told to heal. */
export class Faults {
  readonly #world: World;
  readonly #random: Random;
  /** What is still on, and what will end it. */
  readonly #on = new Map<Due, () => void>();
  #isOver = false;
  #count = 0;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  begin(kinds: readonly FaultKind[]): void {
    for (const kind of kinds) {
      if (kind.fits(this.#world)) this.#await(kind);
    }
  }

  /** Everything is well again from now on. */
  heal(): void {
    this.#isOver = true;
    for (const [due, end] of [...this.#on]) {
      this.#world.time.cancel(due);
      end();
    }
  }

  #await(kind: FaultKind): void {
    const { time, fate } = this.#world;
    const ms = this.#random.wait(kind.meanMs);
    time.after(
      ms,
      () => {
        if (this.#isOver) return;
        this.#strike(kind);
        this.#await(kind);
      },
      fate,
    );
  }

  #strike({ name, strike }: FaultKind): void {
    const { time, fate } = this.#world;
    const struck = strike(this.#world, this.#random);
    if (struck === undefined) return;
    const { target, lasts, wires = [] } = struck;
    // Two of one kind may hit one target; each is over by itself.
    this.#count += 1;
    const which = `${target}/${this.#count}`;
    this.#record(name, which, "on");
    let left = wires.length + 1;
    const ended = (): void => {
      left -= 1;
      if (left === 0) this.#record(name, which, "off");
    };
    for (const wire of wires) wire.whenOver(ended);
    if (lasts === undefined) {
      ended();
      return;
    }
    const end = (): void => {
      this.#on.delete(due);
      lasts.end();
      ended();
    };
    const due = time.after(lasts.ms, end, fate);
    this.#on.set(due, end);
  }

  #record(kind: string, target: string, is: "on" | "off"): void {
    const { history, time } = this.#world;
    history.record({ t: time.now, k: "fault", kind, target, is });
  }
}
