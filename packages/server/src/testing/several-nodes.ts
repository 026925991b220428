import { jest } from "bun:test";
import { Feeds } from "../rooms/feeds.ts";
import { HeadWatch } from "../rooms/head-watch.ts";
import type { CommittedEvent, Reads } from "../store/store.ts";
import { committed } from "./committed.ts";
import { LossyNetwork } from "./lossy-bus.ts";
import type { RelayedBus } from "./relayed-bus.ts";

/** Taken before a test fakes the timers: a turn of the real event loop. */
const realImmediate = setImmediate;

/** One node: the real feeds and the real watch over a bus and a store that misbehave. */
export interface SmallNode {
  bus: RelayedBus;
  feeds: Feeds;
  watch: HeadWatch;
  /** What was handed on of each stream, and when. */
  delivered: Map<string, { seq: number; at: number }[]>;
}

/**
 * Several nodes on one store in memory, in virtual time: chance and faults come
 * from the seed, so the same seed is the same run. Call `useFakeTimers` before.
 */
export class SeveralNodes {
  readonly network: LossyNetwork;
  readonly nodes: SmallNode[] = [];
  readonly logs = new Map<string, { event: CommittedEvent; at: number }[]>();
  /** Whether the store refuses everything, as while it restarts. */
  isStoreDown = false;
  /** Questions for heads, and of them those that are under way. */
  questions = 0;
  #underWay = 0;
  underWayMost = 0;
  /** Pages of events that were asked for. */
  pages = 0;
  errors = 0;
  readonly #random: () => number;

  constructor(random: () => number, streams: readonly string[]) {
    this.#random = random;
    this.network = new LossyNetwork(random);
    for (const stream of streams) this.logs.set(stream, []);
  }

  /** A node on which all streams are followed. */
  async addNode(): Promise<SmallNode> {
    const bus = this.network.node();
    const delivered: SmallNode["delivered"] = new Map();
    const reads = this.#reads();
    const onError = (): void => void (this.errors += 1);
    const feeds = new Feeds(bus, reads, {
      deliver: (stream, events) => {
        const ofStream = delivered.get(stream) ?? [];
        const at = performance.now();
        for (const { seq } of events) ofStream.push({ seq, at });
        delivered.set(stream, ofStream);
      },
      onError,
    });
    const watch = new HeadWatch({ bus, feeds, reads, onError });
    const node = { bus, feeds, watch, delivered };
    this.nodes.push(node);
    watch.start();
    const asked = this.questions;
    for (const stream of this.logs.keys()) void feeds.open(stream);
    while (feeds.size < this.logs.size) {
      // Questions of one turn are gathered, and turns are real (gathered.ts).
      await new Promise((resolve) => realImmediate(resolve));
      await this.pass(1, 1);
    }
    this.questions = asked;
    return node;
  }

  head(stream: string): number {
    return this.logs.get(stream)?.length ?? 0;
  }

  /** Stored now; this node hears of it, and tells, a moment later. */
  commit(node: SmallNode, stream: string, { isTold = true } = {}): void {
    const log = this.logs.get(stream) ?? [];
    const event = committed(stream, log.length + 1);
    log.push({ event, at: performance.now() });
    if (!isTold) return;
    setTimeout(() => {
      node.bus.publish(stream, [event]);
      node.watch.committed(stream, event.event.seq);
    }, 1);
  }

  /** Lets virtual time pass, and in each step everything that waits for its turn. */
  async pass(ms: number, stepMs = 10): Promise<void> {
    for (let passed = 0; passed < ms; passed += stepMs) {
      jest.advanceTimersByTime(stepMs);
      for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
    }
  }

  /** Milliseconds from the store to a node, of each event that came live. */
  *delays(node: SmallNode): Iterable<number> {
    for (const [stream, events] of node.delivered) {
      const log = this.logs.get(stream) ?? [];
      for (const { seq, at } of events) yield at - (log[seq - 1]?.at ?? at);
    }
  }

  [Symbol.dispose](): void {
    for (const { watch } of this.nodes) watch[Symbol.dispose]();
  }

  #reads(): Reads {
    const reads: Pick<Reads, "heads" | "eventsAfter"> = {
      heads: async (streams) => {
        this.questions += 1;
        this.#underWay += 1;
        this.underWayMost = Math.max(this.underWayMost, this.#underWay);
        try {
          return await this.#look(
            () => new Map(streams.map((one) => [one, this.head(one)])),
          );
        } finally {
          this.#underWay -= 1;
        }
      },
      eventsAfter: (stream, { after, upTo, max }) => {
        this.pages += 1;
        return this.#look(() =>
          (this.logs.get(stream) ?? [])
            .slice(after, Math.min(upTo, after + max))
            .map(({ event }) => event),
        );
      },
    };
    return reads as Reads;
  }

  /** A question and its answer each take a moment. */
  async #look<Answer>(look: () => Answer): Promise<Answer> {
    await this.#moment();
    const answer = look();
    if (this.isStoreDown) throw new Error("the store is down");
    await this.#moment();
    return answer;
  }

  #moment(): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(resolve, this.#random() * 2);
    });
  }
}
