import { createHash, randomBytes } from "node:crypto";
import { readHead, request, type Head } from "./ask.ts";
import { Line, LineError, type LineOptions } from "./line.ts";

/** What makes a key into the answer to it (RFC 6455 §1.3). */
const acceptSuffix = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

export interface Frame {
  opcode: number;
  payload: Buffer;
}

export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** What came of asking for a WebSocket. */
export interface Handshake extends Disposable {
  head: Head;
  /** Of a refusal, the beginning; empty after 101. */
  body: string;
  /** Whether Sec-WebSocket-Accept is what the key asks for. */
  isAccepted: boolean;
  line: Line;
}

/** Asks for a WebSocket as a browser on this origin would. Rejects with a LineError. */
export async function shakeHands(
  origin: URL,
  {
    protocol,
    from = origin.origin,
    ...options
  }: LineOptions & { protocol?: string; from?: string },
): Promise<Handshake> {
  const key = randomBytes(16).toString("base64");
  const wanted = createHash("sha1")
    .update(key + acceptSuffix)
    .digest("base64");
  const line = await Line.open(origin, options);
  try {
    const headers = {
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-key": key,
      "sec-websocket-version": "13",
      origin: from,
      ...(protocol === undefined ? {} : { "sec-websocket-protocol": protocol }),
    };
    line.write(request(new URL("/ws", origin), headers));
    const head = await readHead(line);
    return {
      head,
      body: head.status === 101 ? "" : await bodyOf(line, head),
      isAccepted: head.headers.get("sec-websocket-accept") === wanted,
      line,
      [Symbol.dispose]: () => {
        line[Symbol.dispose]();
      },
    };
  } catch (error) {
    line[Symbol.dispose]();
    throw error;
  }
}

/** Of a refusal, as much as is there: enough to know who refused. */
async function bodyOf(line: Line, { headers }: Head): Promise<string> {
  const wanted = Math.min(
    Number(headers.get("content-length") ?? 2_000),
    2_000,
  );
  try {
    return await line.take((bytes, isEnded) =>
      bytes.length >= wanted ||
      isEnded ||
      /\}\s*$|<\/html>/i.test(String(bytes))
        ? { value: bytes.toString("utf8"), used: bytes.length }
        : undefined,
    );
  } catch (error) {
    if (error instanceof LineError) return "";
    throw error;
  }
}

/** The next frame of the server, which may be no longer than Parley's longest. */
export function nextFrame(line: Line): Promise<Frame> {
  return line.take((bytes) => {
    if (bytes.length < 2) return undefined;
    const second = bytes[1] ?? 0;
    const isMasked = second >= 128;
    const short = second & 127;
    if (isMasked || short === 127) {
      throw new LineError("NOT_WS", "what it sends is not a WebSocket frame");
    }
    const start = short === 126 ? 4 : 2;
    if (bytes.length < start) return undefined;
    const length = short === 126 ? bytes.readUInt16BE(2) : short;
    const used = start + length;
    if (bytes.length < used) return undefined;
    const payload = Buffer.from(bytes.subarray(start, used));
    return { value: { opcode: (bytes[0] ?? 0) & 15, payload }, used };
  });
}

export function sendFrame(
  line: Line,
  { opcode, payload }: { opcode: number; payload: Buffer },
): void {
  const { length } = payload;
  const head =
    length < 126
      ? Buffer.from([128 | opcode, 128 | length])
      : Buffer.from([128 | opcode, 128 | 126, length >> 8, length & 255]);
  const mask = randomBytes(4);
  const masked = Buffer.from(payload);
  for (let at = 0; at < length; at += 1) {
    masked[at] = (payload[at] ?? 0) ^ (mask[at % 4] ?? 0);
  }
  line.write(Buffer.concat([head, mask, masked]));
}

/** Code and reason of a close frame. */
export function closeOf({ payload }: Frame): { code: number; reason: string } {
  return {
    code: payload.length < 2 ? 1005 : payload.readUInt16BE(0),
    reason: payload.toString("utf8", 2),
  };
}
