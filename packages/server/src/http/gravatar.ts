import { createHash } from "node:crypto";

export interface Picture {
  body: Uint8Array<ArrayBuffer>;
  type: string;
}

const bytesMax = 262_144;
const timeoutMs = 3_000;

/** Pictures kept, found or not: at most 64 MB of them. */
const cachedMax = 256;
const keptMs = 86_400_000;

/** What a picture may be, told from its first bytes and not from its label (T25). */
const signatures: [type: string, start: RegExp][] = [
  ["image/png", /^\x89PNG\r\n.\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  ["image/gif", /^GIF8[79]a/],
  ["image/webp", /^RIFF[\s\S]{4}WEBP/],
];

interface Kept {
  picture: Promise<Picture | undefined>;
  until: number;
}

/**
 * Pictures from Gravatar, for places whose operator wants them. The server
 * asks, with a hash of the address, and keeps the answer: no visitor's browser
 * ever talks to them, and no hash reaches any other person.
 */
export class Gravatar {
  readonly #base: string;
  readonly #kept = new Map<string, Kept>();

  constructor(base = "https://gravatar.com") {
    this.#base = base;
  }

  /** The picture of this address, or undefined when there is none to be had. */
  async find(email: string, now = Date.now()): Promise<Picture | undefined> {
    const hash = createHash("sha256")
      .update(email.trim().toLowerCase())
      .digest("hex");
    const kept = this.#kept.get(hash);
    if (kept && kept.until > now) return kept.picture;
    const picture = this.#ask(hash);
    if (this.#kept.size >= cachedMax) {
      const oldest = this.#kept.keys().next().value;
      if (oldest !== undefined) this.#kept.delete(oldest);
    }
    this.#kept.set(hash, { picture, until: now + keptMs });
    return picture;
  }

  async #ask(hash: string): Promise<Picture | undefined> {
    try {
      // `d=404`: no picture instead of theirs for those who have none. One
      // fixed host, and no redirect: nobody can lead this request elsewhere.
      const response = await fetch(`${this.#base}/avatar/${hash}?s=160&d=404`, {
        redirect: "error",
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!response.ok) return undefined;
      const body = await read(response);
      const type = body && typeOf(body);
      return body && type ? { body, type } : undefined;
    } catch {
      return undefined;
    }
  }
}

/** The body, or undefined when it is larger than a small picture is. */
async function read(
  response: Response,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const stream: AsyncIterable<Uint8Array> | null = response.body;
  if (stream === null) return undefined;
  for await (const chunk of stream) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Uint8Array.from(Buffer.concat(chunks));
}

function typeOf(body: Uint8Array): string | undefined {
  const start = Buffer.from(body.subarray(0, 16)).toString("latin1");
  return signatures.find(([, signature]) => signature.test(start))?.[0];
}
