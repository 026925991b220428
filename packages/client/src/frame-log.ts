import type { Env } from "./env.ts";
import type { FrameRecord, WireReport } from "./state.ts";

export interface FrameLog {
  report(): WireReport;
  passed(direction: FrameRecord["direction"], text: string): void;
  connected(subprotocol: string): void;
  welcomed(told: Pick<WireReport, "handshake" | "node">): void;
  disconnected(): void;
  roundTrip(ms: number): void;
}

const framesMax = 200;
/** Enough to read an event in full; a page of a reset is cut. */
const textMax = 4_000;

/**
 * Remembers what passed on the wire, for the connection panel. A frame costs
 * one small object; a report is put together only when somebody looks.
 */
export function createFrameLog(parts: {
  env: Env;
  url: string;
  changed: () => void;
}): FrameLog {
  const { env, changed } = parts;
  const frames: FrameRecord[] = [];
  let number = 0;
  let connections = 0;
  let facts: Omit<WireReport, "frames" | "reconnects"> = {
    url: parts.url,
    subprotocol: "",
    node: null,
    connectedAt: null,
    roundTripMs: null,
    handshake: null,
  };
  let lastReport: WireReport | null = null;

  function note(change: Partial<typeof facts>) {
    facts = { ...facts, ...change };
    lastReport = null;
    changed();
  }

  return {
    report() {
      lastReport ??= {
        ...facts,
        reconnects: Math.max(0, connections - 1),
        frames: frames.slice(-framesMax),
      };
      return lastReport;
    },
    passed(direction, text) {
      number += 1;
      frames.push({
        number,
        direction,
        at: env.now(),
        text: text.length > textMax ? `${text.slice(0, textMax)}…` : text,
      });
      // In halves: dropping one at a time would move all the others each time.
      if (frames.length >= 2 * framesMax) frames.splice(0, framesMax);
      lastReport = null;
      changed();
    },
    connected(subprotocol) {
      note({ subprotocol, connectedAt: env.now() });
    },
    welcomed({ handshake, node }) {
      connections += 1;
      note({ handshake, node });
    },
    disconnected() {
      note({ connectedAt: null, roundTripMs: null, node: null });
    },
    roundTrip(roundTripMs) {
      note({ roundTripMs });
    },
  };
}
