import { subprotocol, type ErrorCode } from "@parley/protocol";
import { urlCharsMax } from "../limits/url-length.ts";

/** What a request for a WebSocket comes to, before anything is known of the person. */
export type HandshakeVerdict =
  | { status: "parley" }
  | { status: "simple" }
  /** A protocol of ours that this server no longer speaks: say so in words it reads. */
  | { status: "too-old"; protocol: string }
  | { status: "refused"; httpStatus: number; code: ErrorCode };

/** A token as RFC 9110 §5.6.2 has it. */
const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const protocolsMax = 20;

/**
 * Judges the headers that Bun leaves to us (RFC 6455 §4.2.1). Without this Bun
 * would accept what is not a WebSocket handshake, and answer any subprotocol
 * with the first one offered.
 */
export function judgeHandshake(request: Request, url: URL): HandshakeVerdict {
  const { headers, method } = request;
  if (request.url.length > urlCharsMax) return refused(414, "uri_too_long");
  if (method !== "GET") return refused(405, "method_not_allowed");
  if (headers.get("upgrade")?.toLowerCase() !== "websocket") {
    return refused(400, "bad_frame");
  }
  if (url.search !== "" && url.searchParams.has("token"))
    return refused(400, "token_in_url");
  if (!isKey(headers.get("sec-websocket-key")))
    return refused(400, "bad_frame");
  const hasBody =
    headers.has("content-length") || headers.has("transfer-encoding");
  const isDoubled = headers.get("host")?.includes(",") ?? true;
  if (hasBody || isDoubled) return refused(400, "bad_frame");
  return judgeProtocols(headers.get("sec-websocket-protocol"));
}

function judgeProtocols(offer: string | null): HandshakeVerdict {
  if (offer === null) return { status: "simple" };
  if (offer === subprotocol) return { status: "parley" };
  const offered = offer.split(",").map((one) => one.trim());
  const isWellFormed =
    offered.length <= protocolsMax &&
    new Set(offered).size === offered.length &&
    offered.every((one) => token.test(one));
  if (!isWellFormed) return refused(400, "invalid_value");
  if (offered.includes(subprotocol)) return { status: "parley" };
  const ours = offered.find((one) => /^parley\.v\d+$/.test(one));
  return ours === undefined
    ? refused(400, "invalid_value")
    : { status: "too-old", protocol: ours };
}

/** 16 bytes in Base64: 22 characters and two signs of padding. */
function isKey(key: string | null): boolean {
  return key !== null && /^[A-Za-z0-9+/]{21}[AQgw]==$/.test(key);
}

function refused(httpStatus: number, code: ErrorCode): HandshakeVerdict {
  return { status: "refused", httpStatus, code };
}
