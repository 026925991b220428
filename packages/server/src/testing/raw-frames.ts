/** The opcodes of RFC 6455 §5.2. */
export const opcodes = {
  continuation: 0,
  text: 1,
  binary: 2,
  close: 8,
  ping: 9,
  pong: 10,
} as const;

export interface RawFrameOptions {
  fin?: boolean;
  /** The three reserved bits as one number: 4 is RSV1. */
  rsv?: number;
  masked?: boolean;
  /** How the length is written, whatever its size; the shortest if not given. */
  lengthBits?: 7 | 16 | 64;
  /** A length that is not the payload's. */
  announced?: bigint;
}

/** One frame, byte by byte, also such as RFC 6455 forbids. */
export function rawFrame(
  opcode: number,
  payload: string | Uint8Array = "",
  {
    fin = true,
    rsv = 0,
    masked = true,
    announced,
    lengthBits,
  }: RawFrameOptions = {},
): Buffer {
  const data = Buffer.from(payload);
  const length = announced ?? BigInt(data.length);
  const bits = lengthBits ?? (length < 126n ? 7 : length < 65_536n ? 16 : 64);
  const head = Buffer.alloc(2 + (bits === 7 ? 0 : bits / 8));
  const maskBit = masked ? 0x80 : 0;
  head[0] = (fin ? 0x80 : 0) | (rsv << 4) | opcode;
  head[1] = maskBit | (bits === 7 ? Number(length) : bits === 16 ? 126 : 127);
  if (bits === 16) head.writeUInt16BE(Number(length), 2);
  if (bits === 64) head.writeBigUInt64BE(length, 2);
  if (!masked) return Buffer.concat([head, data]);
  const key = Buffer.from([0x3a, 0xc5, 0x01, 0x9e]);
  const body = data.map((byte, index) => byte ^ (key[index % 4] ?? 0));
  return Buffer.concat([head, key, body]);
}

/** A text frame with this object in it. */
export function jsonFrame(object: unknown): Buffer {
  return rawFrame(opcodes.text, JSON.stringify(object));
}

/** A close frame as a client sends it. */
export function closeFrame(code: number, reason: string | Uint8Array = "") {
  const head = Buffer.alloc(2);
  head.writeUInt16BE(code);
  return rawFrame(opcodes.close, Buffer.concat([head, Buffer.from(reason)]));
}
