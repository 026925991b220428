/**
 * 48 bits in a number: of a text, of an event, or the sum of several. A sum can
 * be compared with any slice of the log by two prefix sums, so that a record
 * of a thousand rows is one number. The number of the event is in its digest:
 * what is summed up out of order, twice or not at all comes out different.
 */
export type Digest = number;

const modulus = 2 ** 48;

export function textDigest(text: string): Digest {
  return Number(Bun.hash.wyhash(text) & 0xffff_ffff_ffffn);
}

interface DigestedEvent {
  seq: number;
  type: string;
  by: string;
  cid?: string | null | undefined;
  text?: string | null | undefined;
}

/** Of an event as everybody gets it: what it is, whose, and its text. */
export function eventDigest(event: DigestedEvent): Digest {
  const { text } = event;
  return digestWith(event, typeof text === "string" ? textDigest(text) : "");
}

/** The same where only the digest of its text is known: it may be deleted since. */
export function digestWith(
  { seq, type, by, cid }: Omit<DigestedEvent, "text">,
  text: Digest | "",
): Digest {
  return textDigest(`${seq} ${type} ${by} ${cid ?? ""} ${text}`);
}

/** Of a message as a row on a screen or in a page. */
export function messageDigest(message: Omit<DigestedEvent, "type">): Digest {
  return eventDigest({ ...message, type: "message.posted" });
}

export function addDigest(sum: Digest, one: Digest): Digest {
  return (sum + one) % modulus;
}

export function subtractDigest(sum: Digest, one: Digest): Digest {
  return (sum - one + modulus) % modulus;
}
