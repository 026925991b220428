import { hash } from "node:crypto";

const alphabet =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/** From the global `crypto`, so that a simulation can put a seed in its place. */
function randomBytes(count: number): Buffer {
  return crypto.getRandomValues(Buffer.allocUnsafe(count));
}

/** Random letters and digits: 5.95 bits each. */
export function newToken(length: number): string {
  let token = "";
  while (token.length < length) {
    for (const byte of randomBytes(length * 2)) {
      // 248 is 4 × 62: what lies above would make some letters likelier.
      if (byte < 248 && token.length < length) {
        token += alphabet.charAt(byte % 62);
      }
    }
  }
  return token;
}

/** Not a secret: what a person may see is decided by membership, not by knowing an id. */
export function newRoomId(): string {
  return `r_${newToken(10)}`;
}

export function newPersonId(): string {
  return `u_${newToken(10)}`;
}

/** A UUID of version 7 (RFC 9562 §5.7), for commands that the server makes for a client. */
export function newCid(now: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join("-");
}

/** The secret of a session: 32 random bytes, as the cookie carries them. */
export function newSessionToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What an invitation's link ends with: 16 random bytes, short enough for a small QR code. */
export function newInvitationToken(): string {
  return randomBytes(16).toString("base64url");
}

/** What a link ends with that works once: as much as a session's secret. */
export function newLinkToken(): string {
  return newSessionToken();
}

/** Which invitation this is about; it opens nothing. */
export function newInvitationId(): string {
  return `i_${newToken(10)}`;
}

/** The only form in which the secret of a session or a link is kept. */
export function hashToken(token: string): string {
  return hash("sha256", token, "hex");
}
