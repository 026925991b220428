import { createHash } from "node:crypto";

/** A strong ETag (RFC 9110 §8.8.3): the same for the same bytes, on every node. */
export function contentTag(content: string | Uint8Array): string {
  const digest = createHash("sha256").update(content).digest("base64url");
  return `"${digest.slice(0, 22)}"`;
}

/**
 * Whether a client that sends this If-None-Match has the content already. A
 * proxy that compresses makes our tag a weak one; the content is the same.
 */
export function hasContent(
  ifNoneMatch: string | null | undefined,
  tag: string,
): boolean {
  if (ifNoneMatch === null || ifNoneMatch === undefined) return false;
  return ifNoneMatch
    .split(",")
    .map((one) => one.trim().replace(/^W\//, ""))
    .some((one) => one === tag || one === "*");
}
