import type { Client } from "pg";

// What the driver keeps to itself: the socket under a connection.

interface Wire {
  cork: () => void;
  uncork: () => void;
  destroy: () => void;
}

function wireOf(client: Client): Wire {
  const { connection } = client as unknown as { connection: { stream: Wire } };
  return connection.stream;
}

/** Ends a connection without waiting for what it is doing, as the polite way would. */
export function closeClient(client: Client): void {
  wireOf(client).destroy();
}

/**
 * Makes everything that is sent in one turn of the event loop one packet. The
 * driver writes each statement by itself, and a write costs more than building
 * the statement. Returns what to call before sending.
 */
export function gatherSends(client: Client): () => void {
  let isGathering = false;
  return () => {
    if (isGathering) return;
    isGathering = true;
    const wire = wireOf(client);
    wire.cork();
    setImmediate(() => {
      isGathering = false;
      wire.uncork();
    });
  };
}
