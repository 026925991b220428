import { subprotocol, type Handshake } from "@parley/protocol";
import { createHash } from "node:crypto";

/** The headers that take part in a handshake; the rest is nobody's business. */
const shownHeaders = [
  "host",
  "origin",
  "upgrade",
  "connection",
  "sec-websocket-key",
  "sec-websocket-version",
  "sec-websocket-protocol",
  "sec-websocket-extensions",
];

/** RFC 6455 §4.2.2: the key, this one GUID, SHA-1, Base64. */
const webSocketGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/**
 * What the handshake of a connection looked like, for the panel that explains
 * it: a page cannot see its own. Bun computes and sends the accept header
 * itself; for showing it, it is computed again.
 */
export function reportHandshake(headers: Headers): Handshake {
  const request: Record<string, string> = {};
  for (const name of shownHeaders) {
    const value = headers.get(name);
    if (value !== null) request[name] = value;
  }
  const key = headers.get("sec-websocket-key") ?? "";
  const accept = createHash("sha1")
    .update(key + webSocketGuid)
    .digest("base64");
  return {
    request,
    response: {
      status: "101 Switching Protocols",
      upgrade: "websocket",
      connection: "Upgrade",
      "sec-websocket-protocol": subprotocol,
      "sec-websocket-accept": accept,
    },
  };
}
