import { createHash } from "node:crypto";

/** A strong ETag (RFC 9110 §8.8.3): the same for the same bytes, on every node. */
export function contentTag(content: string | Uint8Array): string {
  const digest = createHash("sha256").update(content).digest("base64url");
  return `"${digest.slice(0, 22)}"`;
}
