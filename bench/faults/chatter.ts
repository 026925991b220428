import {
  connectChat,
  type Chat,
  type Timeline,
} from "../../packages/client/src/index.ts";
import type { Joined } from "../peers/parley-people.ts";
import { balancedEnv, type BalancedNode } from "./balanced-env.ts";
import type { RunRecord, Slice } from "./run-record.ts";

/**
 * Somebody with the shipped client, who writes down everything that they wrote,
 * that was acknowledged to them, and that their screen showed.
 */
export class Chatter {
  readonly chat: Chat;
  readonly #index: number;
  readonly #record: RunRecord;
  readonly #screens = new Map<string, Slice[]>();
  /** What was looked at last: the SDK replaces what changes. */
  readonly #looked = new Map<string, Timeline>();
  #node = "";
  #count = 0;
  #isEnding = false;

  constructor(
    index: number,
    { me, cookie }: Joined,
    nodes: readonly BalancedNode[],
    record: RunRecord,
  ) {
    this.#index = index;
    this.#record = record;
    const home = index % nodes.length;
    const env = balancedEnv(
      cookie,
      { nodes, home },
      {
        opened: ({ name }) => {
          this.#node = name;
        },
        received: ({ name }, text) => {
          this.#hear(name, text);
        },
        closed: ({ name }, code) => {
          if (this.#isEnding) return;
          record.closings.push({ node: name, code, at: performance.now() });
        },
      },
    );
    const url = `http://127.0.0.1:${nodes[home]?.port ?? 0}`;
    this.chat = connectChat({ url, me, server: "Parley", env });
    this.chat.subscribe(() => {
      this.#look();
    });
  }

  /** What the screen has shown of each stream, in the order of showing. */
  get screens(): ReadonlyMap<string, readonly Slice[]> {
    return this.#screens;
  }

  isLive(): boolean {
    return this.chat.state.connection.status === "live";
  }

  /** Whether everything written here has its event. */
  isSettled(): boolean {
    return this.chat.state.rooms.every(({ timeline }) =>
      timeline.pending.every(({ status }) => status.kind === "failed"),
    );
  }

  /** Up to where this client knows the stream. */
  head(stream: string): number {
    const { rooms } = this.chat.state;
    return rooms.find((room) => room.stream === stream)?.head ?? 0;
  }

  /** What stands on the screen now. */
  shown(stream: string): Slice {
    const { rooms } = this.chat.state;
    const room = rooms.find((one) => one.stream === stream);
    if (room === undefined) return { from: 1, to: 0, rows: [] };
    const { from, to, messages } = room.timeline;
    return { from, to, rows: messages.map(({ seq, cid }) => [seq, cid]) };
  }

  /** Writes a message that was to be written at this moment. */
  post(stream: string, at: number): void {
    this.#count += 1;
    const text = `${this.#index}: ${this.#count} 你好 ${"…".repeat(10)}`;
    const cid = this.chat.post(stream, text);
    this.#record.wrote({ by: this.#index, cid, stream, text, at });
  }

  close(): void {
    this.#isEnding = true;
    this.chat.close();
  }

  #hear(node: string, text: string): void {
    const frame = JSON.parse(text) as object;
    for (const object of [frame].flat() as Record<string, unknown>[]) {
      const { type, cid, seq, code } = object;
      if (type === "ok" && typeof cid === "string") {
        this.#record.acknowledged(cid, Number(seq), node);
      } else if (type === "error") {
        this.#record.refused(String(code));
      }
    }
  }

  #look(): void {
    for (const { stream, timeline } of this.chat.state.rooms) {
      if (this.#looked.get(stream) === timeline) continue;
      this.#looked.set(stream, timeline);
      this.#see(stream, timeline);
    }
  }

  #see(stream: string, timeline: Timeline): void {
    const slices = this.#screens.get(stream) ?? [];
    this.#screens.set(stream, slices);
    let slice = slices.at(-1);
    // A page instead of what was missed: the screen begins anew.
    if (slice === undefined || timeline.from > slice.to + 1) {
      slice = { from: timeline.from, to: timeline.from - 1, rows: [] };
      slices.push(slice);
    }
    const at = performance.now();
    const { to } = slice;
    const before = timeline.messages.findLastIndex(({ seq }) => seq <= to);
    for (const { seq, cid } of timeline.messages.slice(before + 1)) {
      slice.rows.push([seq, cid]);
      this.#record.sights.push({ cid, at, node: this.#node });
    }
    slice.to = Math.max(to, timeline.to);
    for (const { cid, status } of timeline.pending) {
      if (status.kind === "failed") this.#record.failed.add(cid);
    }
  }
}
