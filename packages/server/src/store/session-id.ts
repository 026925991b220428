import { hash } from "node:crypto";

/**
 * What a session is called where others than its owner's cookie may see it: in
 * the inbox, and so on all devices of the person. A hash of the hash that is
 * stored, so it opens nothing and leads back to nothing.
 */
export function publicSessionId(tokenHash: string): string {
  return `s_${hash("sha256", `session ${tokenHash}`, "hex").slice(0, 16)}`;
}
