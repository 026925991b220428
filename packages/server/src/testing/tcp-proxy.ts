import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";

/** One connection through the proxy. */
export interface Link {
  client: Socket;
  server: Socket;
}

export interface ProxyHooks {
  /** What goes on to the server; nothing at all when undefined is returned. */
  toServer?: (data: Buffer, link: Link) => Buffer | undefined;
  /** What goes on to the client. */
  toClient?: (data: Buffer, link: Link) => Buffer | undefined;
}

export interface TcpProxy extends AsyncDisposable {
  port: number;
  /** The same address, through the proxy. */
  through: (url: string) => string;
  /** Cuts every connection that there is. */
  cut: () => void;
}

/** A TCP proxy on loopback that can change, hold back and cut what passes. */
export async function startTcpProxy(
  targetPort: number,
  { toServer = pass, toClient = pass }: ProxyHooks = {},
): Promise<TcpProxy> {
  const links = new Set<Link>();
  const proxy = createServer((client) => {
    const server = connect(targetPort, "127.0.0.1");
    client.setNoDelay(true);
    server.setNoDelay(true);
    const link = { client, server };
    links.add(link);
    forward(client, server, (data) => toServer(data, link));
    forward(server, client, (data) => toClient(data, link));
    client.once("close", () => links.delete(link));
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const { port } = proxy.address() as AddressInfo;
  const cut = (): void => {
    for (const { client, server } of links) {
      client.destroy();
      server.destroy();
    }
  };
  return {
    port,
    through: (url) => {
      const proxied = new URL(url);
      proxied.port = String(port);
      return proxied.href;
    },
    cut,
    [Symbol.asyncDispose]: async () => {
      cut();
      proxy.close();
      await once(proxy, "close");
    },
  };
}

function pass(data: Buffer): Buffer {
  return data;
}

function forward(
  from: Socket,
  to: Socket,
  change: (data: Buffer) => Buffer | undefined,
): void {
  from.on("data", (data: Buffer) => {
    const changed = change(data);
    if (changed !== undefined && to.writable) to.write(changed);
  });
  from.on("error", () => undefined);
  from.on("close", () => {
    to.destroy();
  });
}
