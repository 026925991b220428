import type { Chat, RoomState } from "../../packages/client/src/index.ts";
import { deletedAmong } from "./deleted-among.ts";
import { addDigest, messageDigest } from "./digest.ts";
import { tellerOf, type Device } from "./recorded-device.ts";

/** Screens are looked at this often; what is wrong with a row in itself, at every change. */
const lookEveryMs = 200;

/** Writes down what a person sees, from the state that screens are drawn from. */
export class RecordedScreen {
  readonly #chat: Chat;
  readonly #device: Device;
  readonly #tell: ReturnType<typeof tellerOf>;
  /** As each room was seen last: the SDK replaces what changes. */
  readonly #seen = new Map<string, RoomState>();
  readonly #flaws = new Map<string, string>();
  readonly #failed = new Set<string>();
  #lookedAt = -Infinity;

  constructor(chat: Chat, device: Device) {
    this.#chat = chat;
    this.#device = device;
    this.#tell = tellerOf(device);
  }

  /** To be called after each change of the chat's state. */
  changed(): void {
    for (const room of this.#chat.state.rooms) this.#glance(room);
    if (this.#device.now() - this.#lookedAt >= lookEveryMs) this.look();
  }

  /** Writes down every room that is not as it was; at quiet, all of them. */
  look({ isQuiet = false } = {}): void {
    this.#lookedAt = this.#device.now();
    for (const room of this.#chat.state.rooms) {
      if (!isQuiet && this.#seen.get(room.stream) === room) continue;
      this.#seen.set(room.stream, room);
      this.#write(room, isQuiet);
    }
  }

  /** What must not be there even for a moment. */
  #glance({ stream, timeline }: RoomState): void {
    const { messages, pending } = timeline;
    for (const { cid, status } of pending) {
      if (status.kind !== "failed") {
        // Tried again, it may fail again.
        this.#failed.delete(cid);
      } else if (!this.#failed.has(cid)) {
        this.#failed.add(cid);
        this.#tell({ k: "failed", cid, code: status.code });
      }
    }
    const last = messages.at(-1);
    const before = messages.at(-2);
    if (last && before && before.seq >= last.seq) {
      this.#flaws.set(stream, `[V-2] ${before.seq} stands before ${last.seq}`);
    }
    const doubled = pending.find(({ cid }) => cid === last?.cid);
    if (doubled) {
      this.#flaws.set(stream, `[V-1] ${doubled.cid} is stored and pending`);
    }
  }

  #write(room: RoomState, quiet: boolean): void {
    const { stream, timeline, read, unread, head } = room;
    const { from, to, messages, pending } = timeline;
    const flaw = this.#flaws.get(stream) ?? flawIn(timeline);
    this.#flaws.delete(stream);
    this.#tell({
      ...{ k: "shown", stream, from, to, rows: messages.length },
      d: messages.map(messageDigest).reduce(addDigest, 0),
      pending: pending.flatMap(({ cid, status }) =>
        status.kind === "waiting" ? [cid] : [],
      ),
      failed: pending.flatMap(({ cid, status }) =>
        status.kind === "failed" ? [cid] : [],
      ),
      ...deletedAmong(messages),
      ...(flaw === undefined ? {} : { flaw }),
      ...{ read, unread, head, quiet },
    });
  }
}

/** What is wrong with rows whatever the log says. */
export function flawIn(timeline: {
  from: number;
  to: number;
  messages: readonly { seq: number; cid: string }[];
  pending: readonly { cid: string }[];
}): string | undefined {
  const { from, to, messages, pending } = timeline;
  const cids = new Set<string>();
  let last = from - 1;
  for (const { seq, cid } of messages) {
    if (cids.has(cid)) return `[V-1] ${cid} stands there twice`;
    if (seq <= last) return `[V-2] ${seq} stands after ${last}`;
    cids.add(cid);
    last = seq;
  }
  if (last > to) return `[V-2] ${last} stands beyond ${to}`;
  const both = pending.find(({ cid }) => cids.has(cid));
  return both && `[V-1] ${both.cid} is stored and pending`;
}
