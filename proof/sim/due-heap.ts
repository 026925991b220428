/** Something that comes at its time; of the same time, in the order asked for. */
export interface Dated {
  at: number;
  order: number;
}

/** A binary heap: the earliest first. */
export class DueHeap<One extends Dated> {
  readonly #heap: One[] = [];

  get size(): number {
    return this.#heap.length;
  }

  clear(): void {
    this.#heap.length = 0;
  }

  /** The earliest, which stays. */
  first(): One | undefined {
    return this.#heap[0];
  }

  add(one: One): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(one);
    while (at > 0) {
      const parentAt = (at - 1) >> 1;
      const parent = heap[parentAt];
      if (parent === undefined || !isBefore(one, parent)) break;
      heap[at] = parent;
      at = parentAt;
    }
    heap[at] = one;
  }

  take(): One | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (last === undefined || last === first) return first;
    let at = 0;
    for (;;) {
      const left = heap[2 * at + 1];
      if (left === undefined) break;
      const right = heap[2 * at + 2];
      const isRight = right !== undefined && isBefore(right, left);
      const child = isRight ? right : left;
      if (!isBefore(child, last)) break;
      heap[at] = child;
      at = 2 * at + (isRight ? 2 : 1);
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(one: Dated, other: Dated): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order);
}
