import type { ComposedServer } from "../../packages/server/src/compose-server.ts";
import type { Listening } from "../../packages/server/src/socket/sockets.ts";
import type { SocketData } from "../../packages/server/src/socket/socket.ts";
import { ServerSocket, type WayDown } from "./server-socket.ts";
import type { Owner, VirtualTime } from "./virtual-time.ts";

/**
 * What Bun.serve is to a node: its port and its topics. `publish` reaches who
 * is subscribed at that moment, in order.
 */
export class Listener {
  readonly owner: Owner;
  readonly #time: VirtualTime;
  readonly #weight: number;
  readonly #topics = new Map<string, Set<ServerSocket>>();
  #server: ComposedServer | undefined;

  constructor(owner: Owner, time: VirtualTime, weight: number) {
    this.owner = owner;
    this.#time = time;
    this.#weight = weight;
  }

  get isListening(): boolean {
    return this.#server !== undefined && !this.owner.isDead;
  }

  listen(server: ComposedServer): void {
    this.#server = server;
    server.start(this.#listening(), 1_000);
  }

  join(topic: string, socket: ServerSocket): void {
    const sockets = this.#topics.get(topic);
    if (sockets) sockets.add(socket);
    else this.#topics.set(topic, new Set([socket]));
  }

  part(topic: string, socket: ServerSocket): void {
    this.#topics.get(topic)?.delete(socket);
  }

  /** A handshake; false when it was refused. */
  accept(headers: Record<string, string>, way: WayDown): boolean {
    const url = `http://${headers["host"] ?? ""}/ws`;
    const request = new Request(url, { headers });
    return (
      this.#server?.fetch(request, this.#listening(way)) === undefined &&
      this.#server !== undefined
    );
  }

  async answer(request: Request): Promise<Response> {
    const listening = this.#listening();
    const server = this.#server;
    if (server === undefined) throw new Error("nobody listens");
    try {
      const response = await server.fetch(request, listening);
      if (response === undefined) throw new Error("it became a socket");
      return response;
    } catch (error) {
      return server.failed(error);
    }
  }

  #listening(way?: WayDown): Listening {
    const listening = {
      publish: (topic: string, frame: string): number => {
        const sockets = this.#topics.get(topic);
        if (sockets === undefined) return 0;
        // Who is closed by it leaves the set while it is walked.
        for (const socket of sockets) socket.send(frame);
        return frame.length;
      },
      subscriberCount: (topic: string): number =>
        this.#topics.get(topic)?.size ?? 0,
      requestIP: () => ({ address: "127.0.0.1", family: "IPv4", port: 1 }),
      upgrade: (
        _: Request,
        given: { data: SocketData; headers?: Record<string, string> },
      ): boolean => {
        if (this.#server === undefined || way === undefined) return false;
        const { handlers } = this.#server.sockets;
        const socket = new ServerSocket({
          ...{ data: given.data, listener: this, handlers, way },
          ...{ time: this.#time, weight: this.#weight },
        });
        const protocol = given.headers?.["sec-websocket-protocol"] ?? "";
        way.open(socket, protocol);
        handlers.open(socket.asWs);
        return true;
      },
    };
    return listening as unknown as Listening;
  }
}
