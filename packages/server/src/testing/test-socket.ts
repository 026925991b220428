import { readFrame, type FrameObject } from "@parley/protocol";
import type { TestServer } from "./start-test-server.ts";

export interface TestSocketOptions {
  cookie?: string;
  /** Names offered; none means the simple wire. */
  protocols?: string[];
  headers?: Record<string, string>;
}

/**
 * A WebSocket for tests: remembers what came, waits for what should, and
 * answers the heartbeat as every client does.
 */
export class TestSocket {
  readonly received: FrameObject[] = [];
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #ws: WebSocket;
  readonly #waiting = new Set<() => void>();

  private constructor(ws: WebSocket) {
    this.#ws = ws;
    ws.addEventListener("message", ({ data }) => {
      const objects = readFrame(String(data));
      this.received.push(...objects);
      if (objects.some(({ type }) => type === "ping"))
        this.send({ type: "pong" });
      for (const check of this.#waiting) check();
    });
    this.closed = new Promise((resolve) => {
      ws.addEventListener("close", ({ code, reason }) => {
        resolve({ code, reason });
      });
    });
  }

  static async open(
    { url }: Pick<TestServer, "url">,
    { cookie, protocols, headers = {} }: TestSocketOptions = {},
  ): Promise<TestSocket> {
    const ws = new WebSocket(`${url.replace("http", "ws")}/ws`, {
      headers: { ...(cookie ? { cookie, origin: url } : {}), ...headers },
      ...(protocols ? { protocols } : {}),
    });
    const socket = new TestSocket(ws);
    await new Promise<void>((resolve, reject) => {
      ws.addEventListener("open", () => {
        resolve();
      });
      ws.addEventListener("error", () => {
        reject(new Error("the socket did not open"));
      });
    });
    return socket;
  }

  send(object: object | string | Uint8Array): void {
    const isRaw = typeof object === "string" || object instanceof Uint8Array;
    this.#ws.send(isRaw ? object : JSON.stringify(object));
  }

  /** Resolves with the first object, past or to come, that fits. */
  async next(
    fits: (object: FrameObject) => boolean,
    timeoutMs = 5_000,
  ): Promise<FrameObject> {
    const found = Promise.withResolvers<FrameObject>();
    const check = (): void => {
      const object = this.received.find(fits);
      if (object !== undefined) found.resolve(object);
    };
    const timer = setTimeout(() => {
      const seen = JSON.stringify(this.received).slice(0, 2_000);
      found.reject(new Error(`nothing fitting came; seen: ${seen}`));
    }, timeoutMs);
    this.#waiting.add(check);
    check();
    try {
      return await found.promise;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(check);
    }
  }

  /** Sends a command and resolves with its answer. */
  async ask(command: FrameObject & { id: number }): Promise<FrameObject> {
    this.send(command);
    return this.next(({ id }) => id === command.id);
  }

  close(): void {
    this.#ws.close();
  }
}
