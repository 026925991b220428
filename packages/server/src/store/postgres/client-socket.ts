import type { Client } from "pg";

// What the driver keeps to itself: the socket under a connection.

interface ClientSocket {
  cork: () => void;
  uncork: () => void;
  destroy: () => void;
}

function socketOf(client: Client): ClientSocket {
  const { connection } = client as unknown as {
    connection: { stream: ClientSocket };
  };
  return connection.stream;
}

/** Ends a connection without waiting for what it is doing, as the polite way would. */
export function closeClient(client: Client): void {
  socketOf(client).destroy();
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
    const socket = socketOf(client);
    socket.cork();
    setImmediate(() => {
      isGathering = false;
      socket.uncork();
    });
  };
}
