import { limits } from "@parley/protocol";

/** What Bun is told about WebSockets, besides the handlers. */
export const socketOptions = {
  maxPayloadLength: limits.frameBytes,
  // Bun's default drops what a slow reader does not take, without a word.
  backpressureLimit: 1_048_576,
  closeOnBackpressureLimit: true,
  // Compression would run once per socket and break encode-once.
  perMessageDeflate: false,
  sendPings: false,
  idleTimeout: 60,
  publishToSelf: false,
} as const;
