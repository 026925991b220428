import { isIP } from "node:net";
import type { Networks } from "./networks.ts";

/** More proxies than this stand in no row. */
const hopsMax = 20;

/**
 * Where a request is from. What `X-Forwarded-For` says counts only when one of
 * our proxies says it: anybody can send that header. Each proxy adds at the
 * right end whom it was asked by, so the first from the right that is none of
 * ours is who asked, and what stands left of it is what they claim (T50).
 */
export function clientAddress({
  peer,
  forwardedFor,
  proxies,
}: {
  /** Who has opened the connection. */
  peer: string;
  forwardedFor: string | null;
  proxies: Networks;
}): string {
  const direct = plainAddress(peer) ?? peer;
  if (proxies.isEmpty || forwardedFor === null) return direct;
  if (!proxies.includes(direct)) return direct;
  let farthest = direct;
  const hops = forwardedFor.split(",").slice(-hopsMax).reverse();
  for (const hop of hops) {
    const address = plainAddress(hop.trim());
    // Who writes nonsense is not believed the rest either.
    if (address === undefined) return direct;
    if (!proxies.includes(address)) return address;
    farthest = address;
  }
  // All of them are ours: somebody on one of those machines.
  return farthest;
}

/** Without port, brackets, zone and IPv6 clothes; undefined when it is no address. */
function plainAddress(text: string): string | undefined {
  const bare =
    /^\[([^\]]+)\](?::\d{1,5})?$/.exec(text)?.[1] ??
    /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/.exec(text)?.[1] ??
    text;
  const [address = ""] = bare.toLowerCase().split("%");
  const clothed = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(address)?.[1];
  const plain = clothed ?? address;
  return isIP(plain) === 0 ? undefined : plain;
}
