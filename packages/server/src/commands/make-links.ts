import { newLinkToken, hashToken } from "../identifiers.ts";
import type { LinkToMake } from "../store/writes/links.ts";
import type { CommandContext } from "./context.ts";

/** How long a link works that nobody uses. */
const linkMs = 24 * 3_600_000;

/** A token, and what the store gets of it. */
export function newLink(): { token: string; link: LinkToMake } {
  const token = newLinkToken();
  return { token, link: { tokenHash: hashToken(token), forMs: linkMs } };
}

/** With which somebody chooses a new password. The token is told once. */
export async function makeResetLink(
  { store }: Pick<CommandContext, "store">,
  by: string,
  person: string,
): Promise<{ token: string; expiresAt: number }> {
  const { token, link } = newLink();
  const made = await store.write("makeResetLink", { ...link, by, person });
  return { token, ...made };
}

/** With which somebody becomes the owner; undefined when there is one. */
export async function makeSetupLink({
  store,
}: Pick<CommandContext, "store">): Promise<
  { token: string; expiresAt: number } | undefined
> {
  const { token, link } = newLink();
  const made = await store.write("makeSetupLink", link);
  return made === null ? undefined : { token, ...made };
}
