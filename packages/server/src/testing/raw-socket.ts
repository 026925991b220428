import { readFrame, type FrameObject } from "@parley/protocol";
import { connect, type Socket } from "node:net";
import { opcodes } from "./raw-frames.ts";
import type { TestServer } from "./start-test-server.ts";

export interface RawResponse {
  status: number;
  headers: Map<string, string>;
  body: string;
}

/** In place of the usual ones: undefined leaves one out, a list repeats it. */
export type RawHeaders = Record<string, string | string[] | undefined>;

export interface RawHandshake {
  method?: string;
  target?: string;
  version?: string;
  headers?: RawHeaders;
}

interface ReceivedFrame {
  opcode: number;
  payload: Buffer;
}

/** The request that makes a WebSocket, or what a test makes of it. */
export function handshakeRequest(
  { port }: Pick<TestServer, "port">,
  {
    method = "GET",
    target = "/ws",
    version = "1.1",
    headers = {},
  }: RawHandshake = {},
): string {
  const all: RawHeaders = {
    Host: `127.0.0.1:${port}`,
    Upgrade: "websocket",
    Connection: "Upgrade",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version": "13",
    ...headers,
  };
  const lines = Object.entries(all).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `${name}: ${one}`),
  );
  return [`${method} ${target} HTTP/${version}`, ...lines, "", ""].join("\r\n");
}

/** A TCP connection on which a test can say what no client library would. */
export class RawSocket {
  /** Resolves when the server's side is closed, by FIN or by reset. */
  readonly ended: Promise<void>;
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  #isEnded = false;
  #wake: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (data: Buffer) => {
      this.#received = Buffer.concat([this.#received, data]);
      this.#wake();
    });
    this.ended = new Promise((resolve) => {
      const end = (): void => {
        this.#isEnded = true;
        this.#wake();
        resolve();
      };
      socket.on("end", end);
      socket.on("close", end);
      // A reset by the server is an end like another.
      socket.on("error", end);
    });
  }

  static async connect({ port }: Pick<TestServer, "port">): Promise<RawSocket> {
    const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
    const raw = new RawSocket(socket);
    await new Promise<void>((resolve, reject) => {
      socket.once("connect", resolve);
      socket.once("error", reject);
    });
    return raw;
  }

  /** Connects and shakes hands; fails when it does not become a WebSocket. */
  static async upgrade(
    server: Pick<TestServer, "port">,
    headers: RawHeaders = {},
  ): Promise<RawSocket> {
    const raw = await RawSocket.connect(server);
    raw.write(handshakeRequest(server, { headers }));
    const { status, body } = await raw.response();
    if (status !== 101) throw new Error(`handshake: ${status} ${body}`);
    return raw;
  }

  write(data: string | Uint8Array): void {
    this.#socket.write(data);
  }

  /** The next HTTP response; status 0 when the server closes without one. */
  async response(): Promise<RawResponse> {
    const response = await this.#take(readResponse);
    return response ?? { status: 0, headers: new Map(), body: "" };
  }

  /** The next WebSocket frame; undefined when the server closes without one. */
  frame(): Promise<ReceivedFrame | undefined> {
    return this.#take(readReceivedFrame);
  }

  /** Reads up to the server's close frame; 1006 when it ends without. */
  async closing(): Promise<{ code: number; reason: string }> {
    for (;;) {
      const frame = await this.frame();
      if (frame === undefined) return { code: 1006, reason: "" };
      if (frame.opcode !== opcodes.close) continue;
      const { payload } = frame;
      const code = payload.length < 2 ? 1005 : payload.readUInt16BE();
      return { code, reason: payload.subarray(2).toString() };
    }
  }

  /** Reads up to an object that fits. */
  async object(fits: (object: FrameObject) => boolean): Promise<FrameObject> {
    for (;;) {
      const frame = await this.frame();
      if (frame === undefined || frame.opcode === opcodes.close) {
        throw new Error("the socket was closed");
      }
      if (frame.opcode !== opcodes.text) continue;
      const found = readFrame(frame.payload.toString()).find(fits);
      if (found !== undefined) return found;
    }
  }

  /** Stops reading, so that the kernel's window closes. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Sends FIN and goes on listening. */
  halfClose(): void {
    this.#socket.end();
  }

  /** Ends it with a TCP reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  close(): void {
    this.#socket.destroy();
  }

  async #take<Part>(
    read: (received: Buffer) => { part: Part; length: number } | undefined,
  ): Promise<Part | undefined> {
    for (;;) {
      const found = read(this.#received);
      if (found !== undefined) {
        this.#received = this.#received.subarray(found.length);
        return found.part;
      }
      if (this.#isEnded) return undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}

function readResponse(received: Buffer) {
  const headEnd = received.indexOf("\r\n\r\n");
  if (headEnd === -1) return undefined;
  const [first = "", ...lines] = received
    .subarray(0, headEnd)
    .toString("latin1")
    .split("\r\n");
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const length = headEnd + 4 + Number(headers.get("content-length") ?? 0);
  if (received.length < length) return undefined;
  const body = received.subarray(headEnd + 4, length).toString();
  return {
    part: { status: Number(first.split(" ")[1]), headers, body },
    length,
  };
}

function readReceivedFrame(received: Buffer) {
  if (received.length < 2) return undefined;
  const opcode = received.readUInt8(0) & 0x0f;
  const short = received.readUInt8(1) & 0x7f;
  const start = short === 126 ? 4 : short === 127 ? 10 : 2;
  if (received.length < start) return undefined;
  const size =
    short === 126
      ? received.readUInt16BE(2)
      : short === 127
        ? Number(received.readBigUInt64BE(2))
        : short;
  const length = start + size;
  if (received.length < length) return undefined;
  return {
    part: { opcode, payload: received.subarray(start, length) },
    length,
  };
}
