import { closeCodes, subprotocol } from "@parley/protocol";
import { fine, quoted, warning, wrong, type Finding } from "./finding.ts";
import type { LineOptions } from "./line.ts";
import { LineError } from "./line.ts";
import { objectionToUpgrade } from "./refused-upgrade.ts";
import { troubled } from "./trouble.ts";
import {
  closeOf,
  nextFrame,
  opcodes,
  sendFrame,
  shakeHands,
  type Frame,
  type Handshake,
} from "./web-socket.ts";

/** Below the longest frame that Parley takes, and far above what proxies cut by mistake. */
const largeFrameBytes = 60_000;

/** Nobody has this origin (RFC 2606). */
const foreignOrigin = "https://doctor.invalid";

/** How often Parley says something, and one more second for the way. */
const pingSeconds = 26;

/** WebSockets through whatever stands in front, without joining as anybody. */
export async function checkSocket(
  origin: URL,
  options: LineOptions,
): Promise<Finding[]> {
  const first = await checkUpgrade(origin, options);
  if (first.status === "wrong") return [first];
  return [
    first,
    await checkForeignOrigin(origin, options),
    await checkLargeFrame(origin, options),
  ];
}

/** As a browser does it: Parley opens, sees no session, and says so in a close. */
async function checkUpgrade(
  origin: URL,
  options: LineOptions,
): Promise<Finding> {
  const about = "WebSocket";
  try {
    const asked = { ...options, protocol: subprotocol };
    using handshake = await shakeHands(origin, asked);
    const objection = objectionToUpgrade(origin, handshake);
    if (objection !== undefined) return objection;
    try {
      const { code } = closeOf(await nextOf(handshake, opcodes.close));
      if (code === closeCodes.unauthenticated.code) {
        return fine(
          about,
          `101 with ${subprotocol} and the right Sec-WebSocket-Accept; what the server says arrives.`,
        );
      }
      return wrong(
        about,
        `The WebSocket opens, but is then closed with ${code}.`,
        "Something between, or the server, ends it. Look at their logs.",
      );
    } catch (error) {
      if (!(error instanceof LineError)) throw error;
      return wrong(
        about,
        "The WebSocket opens, but what the server says does not arrive.",
        "Something between holds it back. In nginx: proxy_buffering off; in a CDN or a virus scanner: switch WebSockets on for this host.",
      );
    }
  } catch (error) {
    return troubled(about, error);
  }
}

async function checkForeignOrigin(
  origin: URL,
  options: LineOptions,
): Promise<Finding> {
  const about = "foreign origin";
  try {
    const asked = { ...options, protocol: subprotocol, from: foreignOrigin };
    using handshake = await shakeHands(origin, asked);
    const { status } = handshake.head;
    if (status === 403) return fine(about, "Other sites' pages are refused.");
    if (status === 101) {
      return wrong(
        about,
        "A page of any other site may open a WebSocket here, with the visitor's session.",
        "The proxy changes the Origin header. Remove the line that does (in nginx: proxy_set_header Origin).",
      );
    }
    return warning(
      about,
      `A foreign origin was answered with ${status} instead of 403.`,
      "Ask again in a minute; it may be a limit of the proxy.",
    );
  } catch (error) {
    return troubled(about, error);
  }
}

/**
 * A large frame without what a message needs: it is refused, and by whom and
 * how shows that it came through whole.
 */
async function checkLargeFrame(
  origin: URL,
  options: LineOptions,
): Promise<Finding> {
  const about = "large messages";
  try {
    using handshake = await shakeHands(origin, options);
    const simple = simpleWireIs(handshake);
    if (simple !== "there") return notTried(about, simple);
    const payload = Buffer.from(
      JSON.stringify({ doctor: "x".repeat(largeFrameBytes) }),
    );
    sendFrame(handshake.line, { opcode: opcodes.text, payload });
    const { code } = closeOf(await nextOf(handshake, opcodes.close));
    if (code === closeCodes.misuse.code) {
      return fine(about, `A frame of ${largeFrameBytes} bytes arrives whole.`);
    }
    return wrong(
      about,
      `A frame of ${largeFrameBytes} bytes is answered by a close with ${code}.`,
      "Something between takes shorter ones only: long messages would never be sent. Raise its limit to 64 KB.",
    );
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    return wrong(
      about,
      `A frame of ${largeFrameBytes} bytes does not arrive: ${quoted(error.message)}.`,
      "Something between takes shorter ones only: long messages would never be sent. Raise its limit to 64 KB.",
    );
  }
}

/** Holds a quiet connection open and waits for what keeps it alive. */
export async function checkIdle(
  origin: URL,
  options: LineOptions & { seconds: number },
): Promise<Finding> {
  const { seconds } = options;
  const about = "idle connection";
  try {
    using handshake = await shakeHands(origin, options);
    const simple = simpleWireIs(handshake);
    if (simple !== "there") return notTried(about, simple);
    const { line } = handshake;
    const start = performance.now();
    const passed = () => (performance.now() - start) / 1_000;
    let heard = 0;
    let pings = 0;
    while (passed() < seconds) {
      const left = Math.min(seconds - passed(), heard + pingSeconds - passed());
      line.extend(Math.max(left, 0.05) * 1_000);
      try {
        const frame = await nextFrame(line);
        if (frame.opcode === opcodes.close) throw cut(closeOf(frame).code);
        if (frame.opcode !== opcodes.ping) continue;
        pings += 1;
        heard = passed();
        sendFrame(line, { opcode: opcodes.pong, payload: frame.payload });
      } catch (error) {
        if (error instanceof LineError && error.code === "TIMEOUT") break;
        throw error;
      }
    }
    if (pings > 0 && passed() >= seconds) {
      return fine(
        about,
        `Open for ${seconds} s without a word, and ${pings} pings of the server arrived.`,
      );
    }
    return wrong(
      about,
      `No ping of the server arrived within ${pingSeconds} s.`,
      "Something between holds it back. In nginx: proxy_buffering off;",
    );
  } catch (error) {
    if (!(error instanceof LineError)) throw error;
    return wrong(
      about,
      `A quiet connection does not stay open: ${quoted(error.message)}.`,
      "Something between cuts what is quiet for less than 25 s. In nginx: proxy_read_timeout 75s; and the same in any load balancer further out.",
    );
  }
}

function cut(code: number): LineError {
  return new LineError("CUT", `it was closed with ${code}`);
}

/** What it is told while nobody comes in without an invitation, or by that wire. */
const closedDoors = ["simple_wire_off", "invitation_needed", "join_closed"];

/** A client without a subprotocol needs no session: what is tried on it makes nobody. */
function simpleWireIs({ head, body }: Handshake): "there" | "off" | number {
  if (head.status === 101) return "there";
  return closedDoors.some((code) => body.includes(code)) ? "off" : head.status;
}

function notTried(about: string, why: "off" | number): Finding {
  return why === "off"
    ? fine(
        about,
        "Not tried: PARLEY_SIMPLE_WIRE is off, or not everybody may join.",
      )
    : warning(
        about,
        `Not tried: a socket without a subprotocol was answered with ${why}.`,
        "Ask again in a minute; it may be a limit on connections per address.",
      );
}

/** Passes over what the lobby says meanwhile. */
async function nextOf({ line }: Handshake, opcode: number): Promise<Frame> {
  for (;;) {
    const frame = await nextFrame(line);
    if (frame.opcode === opcode) return frame;
    if (frame.opcode === opcodes.close) throw cut(closeOf(frame).code);
  }
}
