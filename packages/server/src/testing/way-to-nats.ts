import { connect, createServer, type Socket } from "node:net";
import { freePort } from "./free-port.ts";

/**
 * A way to the NATS at a port. It can go deaf: what the server says is then
 * swallowed, and only pings are answered, as if all were well. With `delayMs`
 * what the client says takes that long.
 */
export async function startWay(to: number, { delayMs = 0 } = {}) {
  const sockets = new Set<Socket>();
  let isDeaf = false;
  let opened = 0;
  const server = createServer((near) => {
    const far = connect(to, "127.0.0.1");
    opened += 1;
    let isGreeted = false;
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => {
        near.destroy();
        far.destroy();
      });
    }
    far.on("data", (data) => {
      if (!isDeaf || !isGreeted) near.write(data);
      isGreeted = true;
    });
    near.on("data", (data) => {
      if (delayMs === 0) far.write(data);
      else setTimeout(() => far.write(data), delayMs);
      if (isDeaf && data.includes("PING\r\n")) near.write("PONG\r\n");
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, resolve));
  return {
    port,
    get opened() {
      return opened;
    },
    deafen: () => (isDeaf = true),
    clear: () => (isDeaf = false),
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
