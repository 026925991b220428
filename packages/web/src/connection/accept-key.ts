import { sha1 } from "./sha1.ts";

/** RFC 6455 §1.3: only a server that knows WebSocket appends this very text. */
export const websocketGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** Each step from Sec-WebSocket-Key to Sec-WebSocket-Accept. */
export interface AcceptSteps {
  joined: string;
  /** The SHA-1 of it, in hexadecimal digits. */
  digest: string;
  /** The digest's 20 bytes in Base64: the header. */
  accept: string;
}

export function acceptSteps(key: string): AcceptSteps {
  const joined = key + websocketGuid;
  const digest = sha1(new TextEncoder().encode(joined));
  return {
    joined,
    digest: Array.from(digest, (byte) =>
      byte.toString(16).padStart(2, "0"),
    ).join(""),
    accept: btoa(String.fromCharCode(...digest)),
  };
}
