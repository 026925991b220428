import { z } from "zod";

// The alphabets are closed, so that an id can stand in a topic, a URL or a log
// line as it is.

/** A room's stream, or the person's own. */
export const streamId = z
  .string()
  .regex(/^(?:inbox|r_[0-9A-Za-z]{6,32})$/, "not_found");
/** Where an event may stand: also in the place's own log, which nobody follows. */
export const eventStream = z
  .string()
  .regex(/^(?:inbox|place|r_[0-9A-Za-z]{6,32})$/, "not_found");
export const roomId = z.string().regex(/^r_[0-9A-Za-z]{6,32}$/, "not_found");
export const personId = z.string().regex(/^u_[0-9A-Za-z]{6,32}$/, "not_found");

/** Which session this is about; it opens nothing. */
export const sessionId = z.string().regex(/^s_[0-9a-f]{16}$/, "not_found");

/**
 * The idempotency key of a command that makes an event: a UUID of version 7
 * (RFC 9562 §5.7), lower case, unique per author for ever (D-3).
 */
export const cid = z
  .string()
  .regex(
    /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    "invalid_cid",
  );

/** 1, 2, 3 … per stream without holes; 0 stands before the first. */
export const seq = z
  .int("invalid_seq")
  .min(0, "invalid_seq")
  .refine((value) => !Object.is(value, -0), "invalid_seq");

/** Milliseconds since 1970 by the server's clock; never decreases within a stream. */
export const at = z.int("invalid_number").min(0, "invalid_number");

export const requestId = z.int("invalid_number").min(1, "invalid_number");
