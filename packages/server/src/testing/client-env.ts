import { browserEnv, type Env } from "@parley/client";

/** Bun's WebSocket takes headers, which a browser's does not know. */
const SocketWithHeaders = WebSocket as unknown as new (
  url: string,
  options: { protocols: string[]; headers: Record<string, string> },
) => WebSocket;

/**
 * The shipped client's surroundings outside a browser: the same, with a cookie
 * that a browser would send by itself.
 */
export function clientEnv(cookie: string): Env {
  return {
    ...browserEnv(),
    openSocket: (url, protocol, listener) => {
      const socket = new SocketWithHeaders(url, {
        protocols: [protocol],
        headers: { cookie },
      });
      socket.onopen = () => {
        listener.opened(socket.protocol);
      };
      socket.onmessage = ({ data }) => {
        listener.received(String(data));
      };
      socket.onclose = ({ code }) => {
        listener.closed(code);
      };
      return {
        send: (text) => {
          socket.send(text);
        },
        close: (code) => {
          socket.close(code);
        },
      };
    },
    fetch: ({ method, url, body }, done) => {
      const controller = new AbortController();
      const ask = async () => {
        try {
          const response = await fetch(url, {
            method,
            signal: controller.signal,
            headers: { cookie, "content-type": "application/json" },
            ...(body === undefined ? {} : { body }),
          });
          return { status: response.status, text: await response.text() };
        } catch {
          return { status: 0, text: "" };
        }
      };
      void ask().then(done);
      return () => {
        controller.abort();
      };
    },
  };
}
