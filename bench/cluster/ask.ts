import { clientEnv } from "../../packages/server/src/testing/client-env.ts";

/** What a command was answered with. */
export type Answer = Record<string, unknown>;

/**
 * Asks one thing as this person, on a connection of its own. Rejects when it is
 * refused.
 */
export function ask(
  port: number,
  cookie: string,
  command: object,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const url = `ws://127.0.0.1:${port}/ws`;
  const socket = clientEnv(cookie).openSocket(url, "parley.v1", {
    opened: () => {
      const hello = { type: "hello", id: 1, client: "bench/1", cursors: {} };
      socket.send(JSON.stringify(hello));
      socket.send(JSON.stringify({ ...command, id: 2 }));
    },
    received: (text) => {
      const frame = JSON.parse(text) as Answer | Answer[];
      const answer = [frame].flat().find(({ id }) => id === 2);
      if (answer === undefined) return;
      if (answer["type"] === "ok") resolve(answer);
      else reject(new Error(JSON.stringify(answer)));
      socket.close(1000);
    },
    closed: (code) => {
      reject(new Error(`closed with ${code} before the answer`));
    },
  });
  return promise;
}
