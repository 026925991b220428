import type { Env } from "../../packages/client/src/index.ts";

/** Hears of each post that leaves on a socket, after it has left. */
export function postTap(
  env: Env,
  heard: (post: Record<string, unknown>) => void,
): Env {
  return {
    ...env,
    openSocket: (url, protocol, listener) => {
      const socket = env.openSocket(url, protocol, listener);
      return {
        send: (text) => {
          socket.send(text);
          if (text.includes('"message.post"')) {
            heard(JSON.parse(text) as Record<string, unknown>);
          }
        },
        close: (code) => {
          socket.close(code);
        },
      };
    },
  };
}
