import { readFrame, type FrameObject } from "@parley/protocol";
import {
  delayMs,
  reconnectBackoff,
} from "../../packages/client/src/backoff.ts";

// Bun's takes headers, unlike a browser's, whose types are the ones in force here.
const WithHeaders = WebSocket as unknown as new (
  url: string,
  options: { headers: Record<string, string>; protocols: string[] },
) => WebSocket;

/** Where somebody comes to, and as whom. */
export interface Invitation {
  port: number;
  epoch: string;
  cookie: string;
  /** The streams they follow. */
  streams: readonly string[];
}

function sdkWaitMs(failures: number): number {
  return delayMs(reconnectBackoff, failures, Math.random());
}

/**
 * One person of a crowd: as little as a client can be that comes back by itself
 * and checks each number. It waits between its attempts as the SDK does.
 */
export class Comer {
  /** The last number of each stream. */
  readonly cursors: number[];
  /** What was not as it should be. */
  readonly faults: string[] = [];
  /** When it was last live, or undefined while it is not. */
  liveAt: number | undefined;
  attempts = 0;
  resets = 0;
  replayed = 0;
  readonly #invitation: Invitation;
  readonly #waitMs: (failures: number) => number;
  readonly #indexOf: Map<string, number>;
  #ws: WebSocket | undefined;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasLeft = false;
  #onLive: (() => void) | undefined;

  /** `waitMs` is how long it waits after so many failures; as the SDK if not given. */
  constructor(
    invitation: Invitation,
    cursors: readonly number[],
    waitMs: (failures: number) => number = sdkWaitMs,
  ) {
    this.#invitation = invitation;
    this.#waitMs = waitMs;
    this.cursors = [...cursors];
    this.#indexOf = new Map(
      invitation.streams.map((stream, index) => [stream, index]),
    );
  }

  /** Resolves when they are live for the first time. */
  come(): Promise<void> {
    return new Promise((resolve) => {
      this.#onLive = resolve;
      this.#connect();
    });
  }

  leave(): void {
    this.#hasLeft = true;
    clearTimeout(this.#timer);
    this.#ws?.close();
  }

  post(index: number, cid: string): void {
    const stream = this.#invitation.streams[index];
    if (this.liveAt === undefined || stream === undefined) return;
    const message = { type: "message.post", id: 1, stream, cid, text: "hello" };
    this.#ws?.send(JSON.stringify(message));
  }

  #connect(): void {
    const { port, cookie, epoch, streams } = this.#invitation;
    const origin = `http://127.0.0.1:${port}`;
    this.attempts += 1;
    const ws = new WithHeaders(`ws://127.0.0.1:${port}/ws`, {
      headers: { cookie, origin },
      protocols: ["parley.v1"],
    });
    this.#ws = ws;
    ws.onopen = () => {
      const cursors: Record<string, number> = { inbox: 0 };
      for (const [index, stream] of streams.entries()) {
        cursors[stream] = this.cursors[index] ?? 0;
      }
      ws.send(JSON.stringify({ type: "hello", id: 1, epoch, cursors }));
    };
    ws.onmessage = ({ data }) => {
      for (const object of readFrame(String(data))) this.#hear(object);
    };
    ws.onclose = () => {
      if (this.#ws === ws) this.#comeAgain();
    };
  }

  #comeAgain(): void {
    this.#ws = undefined;
    this.liveAt = undefined;
    if (this.#hasLeft) return;
    this.#timer = setTimeout(() => {
      this.#connect();
    }, this.#waitMs(this.#failures));
    this.#failures += 1;
  }

  #hear(object: FrameObject): void {
    const { type, seq } = object;
    if (type === "ping") this.#ws?.send('{"type":"pong"}');
    else if (type === "reset") this.#start(object);
    else if (type === "live") this.#check(object["heads"]);
    else if (type === "ready") this.#ready();
    else if (type === "gone") this.faults.push("gone");
    else if (!("id" in object) && seq !== undefined) {
      this.#take(String(object["stream"]), Number(seq));
    }
  }

  #take(stream: string, seq: number): void {
    const index = this.#indexOf.get(stream);
    if (index === undefined) return;
    const at = this.cursors[index] ?? 0;
    if (seq !== at + 1) this.faults.push(`${seq} after ${at} in ${stream}`);
    this.cursors[index] = seq;
    if (this.liveAt === undefined) this.replayed += 1;
  }

  #start({ stream, head, events }: FrameObject): void {
    const index = this.#indexOf.get(String(stream));
    if (index === undefined) return;
    const page = events as { seq: number }[];
    if (page.at(-1)?.seq !== head) this.faults.push("a page without its end");
    this.cursors[index] = Number(head);
    this.resets += 1;
  }

  #check(heads: unknown): void {
    for (const [stream, head] of Object.entries(heads as object)) {
      const index = this.#indexOf.get(stream);
      if (index === undefined || this.cursors[index] === head) continue;
      this.faults.push(`${this.cursors[index]} is not ${head} in ${stream}`);
    }
  }

  #ready(): void {
    this.liveAt = performance.now();
    this.#failures = 0;
    this.#onLive?.();
  }
}
