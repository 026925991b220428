import type { Store } from "../store/store.ts";
import { leaseMs } from "./lease.ts";
import { SimpleConnection } from "./simple-wire.ts";
import type { SocketData } from "./socket.ts";

/** Leases per write: renewing must not hold up the posts. */
const portionMax = 500;

/**
 * Says of all guests of the simple wire here that they are still connected.
 * Done once a minute; the guests of a node that stops doing it are swept.
 */
export async function renewLeases(
  store: Pick<Store, "write">,
  sockets: Iterable<{ ws: { data: Pick<SocketData, "socket"> } }>,
): Promise<void> {
  const leases: string[] = [];
  for (const { ws } of sockets) {
    const { socket } = ws.data;
    if (socket instanceof SimpleConnection) leases.push(...socket.leases);
  }
  for (let start = 0; start < leases.length; start += portionMax) {
    const tokenHashes = leases.slice(start, start + portionMax);
    await store.write("renewLeases", { tokenHashes, forMs: leaseMs });
  }
}
