import { readFrame, type FrameObject } from "@parley/protocol";
import type { Invitation } from "../storm/comer.ts";

// Bun's takes headers, unlike a browser's, whose types are the ones in force here.
const WithHeaders = WebSocket as unknown as new (
  url: string,
  options: { headers: Record<string, string>; protocols: string[] },
) => WebSocket;

/** Somebody who is here, and wants to know of some of their rooms who else is. */
export class Watcher {
  /** Presence that was told, and how long the frames with it were. */
  signals = 0;
  bytes = 0;
  readonly #here = new Map<string, Set<string> | number>();
  readonly #invitation: Invitation;
  readonly #watched: readonly string[];
  #ws: WebSocket | undefined;

  constructor(invitation: Invitation, watched: number) {
    this.#invitation = invitation;
    this.#watched = invitation.streams.slice(0, watched);
  }

  /** Resolves when they are live, and have said what they watch. */
  come(heads: readonly number[]): Promise<void> {
    const { port, cookie, epoch, streams } = this.#invitation;
    const origin = `http://127.0.0.1:${port}`;
    const ws = new WithHeaders(`ws://127.0.0.1:${port}/ws`, {
      headers: { cookie, origin },
      protocols: ["parley.v1"],
    });
    this.#ws = ws;
    ws.onopen = () => {
      const cursors: Record<string, number> = { inbox: 0 };
      for (const [index, stream] of streams.entries()) {
        cursors[stream] = heads[index] ?? 0;
      }
      ws.send(JSON.stringify({ type: "hello", id: 1, epoch, cursors }));
    };
    return new Promise((resolve, reject) => {
      ws.onclose = ({ code }) => {
        reject(new Error(`closed with ${code}`));
      };
      ws.onmessage = ({ data }) => {
        const text = String(data);
        if (text.includes('"presence"')) this.bytes += text.length;
        for (const object of readFrame(text)) {
          if (object["type"] === "ready") {
            if (this.#watched.length > 0) this.say({ watch: this.#watched });
            resolve();
          } else this.#hear(object);
        }
      };
    });
  }

  say(what: object): void {
    this.#ws?.send(JSON.stringify({ type: "presence", ...what }));
  }

  leave(): void {
    this.#ws?.close();
  }

  /** Of how many of the rooms it knows that so many are here. */
  knows(count: number): number {
    let right = 0;
    for (const here of this.#here.values()) {
      if ((typeof here === "number" ? here : here.size) === count) right += 1;
    }
    return right;
  }

  #hear(object: FrameObject): void {
    if (object["type"] === "ping") this.#ws?.send('{"type":"pong"}');
    if (object["type"] !== "presence") return;
    this.signals += 1;
    const stream = String(object["stream"]);
    if (typeof object["present"] === "number") {
      this.#here.set(stream, object["present"]);
      return;
    }
    const before = this.#here.get(stream);
    const isNew = object["whole"] === true || !(before instanceof Set);
    const here = isNew ? new Set<string>() : before;
    for (const [person, state] of Object.entries(object["people"] ?? {})) {
      if (state === "offline") here.delete(person);
      else here.add(person);
    }
    this.#here.set(stream, here);
  }
}
