import { createServer, connect, type Socket } from "node:net";

export interface TcpPassage extends AsyncDisposable {
  /** The address that it was made for, by this way. */
  url: string;
  /** Pieces that clients have sent through it so far. */
  sent: () => number;
}

/**
 * A way to a server that counts what clients send, so that a test can act at
 * any moment of what they do: `onSent` is called when a piece has been passed
 * on, before there is an answer to it.
 */
export async function tcpPassage(
  target: string,
  onSent: (sent: number) => void = () => undefined,
): Promise<TcpPassage> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let sent = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      // Either side may be killed at any time: that is what this is for.
      socket.on("error", () => undefined);
      socket.on("close", () => {
        client.destroy();
        upstream.destroy();
      });
    }
    upstream.pipe(client);
    client.on("data", (piece) => {
      upstream.write(piece, () => {
        sent += 1;
        onSent(sent);
      });
    });
  });
  const listening = Promise.withResolvers<undefined>();
  server.listen(0, "127.0.0.1", () => {
    listening.resolve(undefined);
  });
  await listening.promise;
  const address = server.address();
  const url = new URL(target);
  url.port = `${typeof address === "object" ? (address?.port ?? 0) : 0}`;
  return {
    url: url.href,
    sent: () => sent,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      const closed = Promise.withResolvers<undefined>();
      server.close(() => {
        closed.resolve(undefined);
      });
      await closed.promise;
    },
  };
}
