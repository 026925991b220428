import type {
  Env,
  HttpAnswer,
  Socket,
} from "../../packages/client/src/index.ts";
import { clientEnv } from "../../packages/server/src/testing/client-env.ts";

export interface BalancedNode {
  name: string;
  port: number;
}

/** Hears what goes over the wire before the client does. */
export interface WireListener {
  opened(node: BalancedNode): void;
  received(node: BalancedNode, text: string): void;
  /** An open socket has ended, and the client had not asked for it. */
  closed(node: BalancedNode, code: number): void;
}

/**
 * The shipped client's surroundings behind what a balancer does: it goes to its
 * node as long as that accepts, else to the next; after a connection has ended,
 * to any other.
 */
export function balancedEnv(
  cookie: string,
  { nodes, home }: { nodes: readonly BalancedNode[]; home: number },
  wire: WireListener,
): Env {
  const direct = clientEnv(cookie);
  let current = home;
  function node(): BalancedNode {
    const found = nodes[current % nodes.length];
    if (found === undefined) throw new Error("there are no nodes");
    return found;
  }
  return {
    ...direct,
    openSocket: (url, protocol, listener) => {
      let triesLeft = nodes.length;
      let isShut = false;
      let socket: Socket;
      function attempt(): void {
        const there = node();
        let isOpen = false;
        triesLeft -= 1;
        socket = direct.openSocket(at(url, there), protocol, {
          opened: (subprotocol) => {
            isOpen = true;
            wire.opened(there);
            listener.opened(subprotocol);
          },
          received: (text) => {
            wire.received(there, text);
            listener.received(text);
          },
          closed: (code) => {
            if (isOpen && !isShut) wire.closed(there, code);
            if (isOpen) current += 1 + Math.floor(direct.random() * others);
            else current += 1;
            if (isOpen || isShut || triesLeft === 0) listener.closed(code);
            else attempt();
          },
        });
      }
      const others = nodes.length - 1;
      attempt();
      return {
        send: (text) => {
          socket.send(text);
        },
        close: (code) => {
          isShut = true;
          socket.close(code);
        },
      };
    },
    fetch: (request, done) => {
      let triesLeft = nodes.length;
      let isCancelled = false;
      let cancel = (): void => undefined;
      function attempt(): void {
        triesLeft -= 1;
        const url = at(request.url, node());
        cancel = direct.fetch({ ...request, url }, (answer: HttpAnswer) => {
          const isOver = answer.status !== 0 || isCancelled || triesLeft === 0;
          if (isOver) {
            done(answer);
            return;
          }
          current += 1;
          attempt();
        });
      }
      attempt();
      return () => {
        isCancelled = true;
        cancel();
      };
    },
  };
}

function at(url: string, { port }: BalancedNode): string {
  const moved = new URL(url);
  moved.port = String(port);
  return moved.href;
}
