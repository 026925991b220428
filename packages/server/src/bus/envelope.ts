import {
  createHmac,
  createSecretKey,
  timingSafeEqual,
  type KeyObject,
} from "node:crypto";

/** How much longer a message is than its text. */
export const signatureBytes = 32;

/**
 * A message between nodes: 32 bytes of HMAC-SHA256, then text. The subject is
 * signed with it, so that a message cannot be moved to another stream. Whoever
 * reaches NATS but not the database can neither make nor change one (T62).
 */
export class Envelope {
  readonly #key: KeyObject;

  constructor(secret: string) {
    this.#key = createSecretKey(Buffer.from(secret));
  }

  seal(subject: string, text: string): Buffer {
    const data = Buffer.allocUnsafe(signatureBytes + Buffer.byteLength(text));
    data.write(text, signatureBytes);
    this.#sign(subject, data.subarray(signatureBytes)).copy(data);
    return data;
  }

  /** The text; undefined when it is not from a node of this database. */
  open(subject: string, data: Uint8Array): string | undefined {
    if (data.length < signatureBytes) return undefined;
    const body = bodyOf(data);
    const signature = data.subarray(0, signatureBytes);
    return timingSafeEqual(this.#sign(subject, body), signature)
      ? body.toString()
      : undefined;
  }

  #sign(subject: string, body: Buffer): Buffer {
    // A subject holds no NUL, so nothing can pass from it into the text.
    const hmac = createHmac("sha256", this.#key).update(`${subject}\0`);
    return hmac.update(body).digest();
  }
}

/** What a message of whomever says; nobody vouches for it. */
export function unverified(data: Uint8Array): string {
  return bodyOf(data).toString();
}

function bodyOf(data: Uint8Array): Buffer {
  const { buffer, byteOffset, length } = data;
  if (length <= signatureBytes) return Buffer.alloc(0);
  return Buffer.from(
    buffer,
    byteOffset + signatureBytes,
    length - signatureBytes,
  );
}
