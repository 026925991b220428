import type { FaultKind, Resource, World } from "./world.ts";

/**
 * Deals faults as a shuffled deck: each kind comes once before any comes again,
 * and none while another has hold of what it needs.
 */
export class Deck {
  readonly kinds: readonly FaultKind[];
  /** Kinds that were asked for and cannot be had here, and why. */
  readonly missing: ReadonlyMap<string, string>;
  /** Faults that broke off: a run with one is worth nothing. */
  readonly failures: string[] = [];
  readonly #world: World;
  readonly #held = new Set<Resource>();
  readonly #running = new Set<Promise<void>>();
  #left: FaultKind[] = [];
  #rounds = 0;

  constructor(world: World, asked: readonly FaultKind[]) {
    const reasons = asked.map((kind) => [kind, kind.missing?.(world)] as const);
    this.#world = world;
    this.kinds = reasons.flatMap(([kind, why]) =>
      why === undefined ? [kind] : [],
    );
    this.missing = new Map(
      reasons.flatMap(([{ name }, why]) =>
        why === undefined ? [] : [[name, why]],
      ),
    );
  }

  /** Whether each kind has had its turn. */
  get isThrough(): boolean {
    const isFirstOver = this.#rounds === 1 && this.#left.length === 0;
    return isFirstOver || this.#rounds > 1 || this.kinds.length === 0;
  }

  /** Begins the next fault that can begin now; false when none can. */
  deal(): boolean {
    if (this.#left.length === 0) {
      this.#left = this.#shuffled();
      this.#rounds += 1;
    }
    const at = this.#left.findIndex(({ needs }) =>
      needs.every((resource) => !this.#held.has(resource)),
    );
    const [kind] = at < 0 ? [] : this.#left.splice(at, 1);
    if (kind === undefined) return false;
    for (const resource of kind.needs) this.#held.add(resource);
    const struck = kind
      .strike(this.#world)
      .catch((error: unknown) => {
        this.failures.push(
          `"${kind.name}" could not be done: ${String(error)}`,
        );
      })
      .finally(() => {
        for (const resource of kind.needs) this.#held.delete(resource);
        this.#running.delete(struck);
      });
    this.#running.add(struck);
    return true;
  }

  /** Resolves when all that was begun is undone. */
  async over(): Promise<void> {
    await Promise.all(this.#running);
  }

  #shuffled(): FaultKind[] {
    return this.kinds
      .map((kind) => ({ kind, at: this.#world.random() }))
      .sort((one, other) => one.at - other.at)
      .map(({ kind }) => kind);
  }
}
