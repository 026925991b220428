/**
 * Why the server closes a socket. The range says what the client does, so that
 * an old client obeys a code it has never heard of.
 */
export const closeCodes = {
  unauthenticated: {
    code: 4001,
    sentence: "Not signed in, or no hello within 10 seconds.",
  },
  sessionEnded: { code: 4003, sentence: "The session has ended." },
  clientTooOld: {
    code: 4006,
    sentence: "This server no longer speaks that version of the protocol.",
  },
  misuse: { code: 4009, sentence: "The protocol was misused." },
  overCapacity: { code: 4100, sentence: "Too many connections." },
  slowReader: {
    code: 4108,
    sentence: "The client did not read what was sent to it.",
  },
  tooFast: { code: 4129, sentence: "Far too many frames." },
  restarting: { code: 4200, sentence: "The server is restarting." },
  logChanged: {
    code: 4210,
    sentence: "The log has changed. Start fresh, keep the outbox.",
  },
} as const;

/** What a client does after a close: never again, slowly, soon, or fresh. */
export type AfterClose = "stop" | "back-off" | "reconnect" | "start-fresh";

/**
 * The reaction to any close code, known or not.
 * 1002, 1003, 1007–1010 are a mistake of ours or of the client: backing off
 * keeps two machines from repeating it at full speed. RFC 6455 §7.4.
 */
export function afterClose(code: number): AfterClose {
  if (code === closeCodes.logChanged.code) return "start-fresh";
  if (code >= 4000 && code <= 4099) return "stop";
  if (code >= 4100 && code <= 4199) return "back-off";
  const isMistake =
    code === 1002 || code === 1003 || (code >= 1007 && code <= 1010);
  return isMistake ? "back-off" : "reconnect";
}
