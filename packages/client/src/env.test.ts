import { Glob } from "bun";
import { expect, test } from "bun:test";
import { browserEnv, type HttpAnswer } from "./env.ts";

const machineFiles = ["env.ts", "indexed-db.ts", "jottings.ts"];

test("only env.ts and its database touch clocks, chance, timers and the network", async () => {
  const forbidden =
    /\b(?:Date\b|Math\.random|setTimeout|setInterval|clearTimeout|queueMicrotask|requestAnimationFrame|performance\.|crypto\.|new WebSocket|window\b|document\b|navigator\b|localStorage|indexedDB|globalThis|process\.)|[^.\w]fetch\(/u;
  const found: string[] = [];
  for await (const path of new Glob("**/*.ts").scan(import.meta.dir)) {
    if (machineFiles.includes(path) || path.endsWith(".test.ts")) continue;
    const source = await Bun.file(`${import.meta.dir}/${path}`).text();
    const code = source.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/gu, "");
    // Declaring or handing on a function of that name is not calling it.
    for (const line of code.split("\n")) {
      if (forbidden.test(line) && !/^\s*(?:fetch|async )\(/u.test(line)) {
        found.push(`${path}: ${line.trim()}`);
      }
    }
  }
  expect(found).toEqual([]);
});

test("the real machine opens, sends, receives and closes", async () => {
  using server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch(request, self) {
      const headers = { "Sec-WebSocket-Protocol": "parley.v1" };
      if (self.upgrade(request, { headers })) return undefined;
      return new Response(`${request.method} ${request.url}`);
    },
    websocket: {
      message(socket, text) {
        socket.send(`echo ${String(text)}`);
        socket.close(4200);
      },
    },
  });
  const heard: unknown[] = [];
  const env = browserEnv();
  const over = Promise.withResolvers<void>();
  const socket = env.openSocket(
    `ws://127.0.0.1:${server.port}/ws`,
    "parley.v1",
    {
      opened(subprotocol) {
        heard.push(subprotocol);
        socket.send("hello");
      },
      received: (text) => heard.push(text),
      closed(code) {
        heard.push(code);
        over.resolve();
      },
    },
  );
  await over.promise;
  expect(heard).toEqual(["parley.v1", "echo hello", 4200]);
});

test("the real machine fetches, and says 0 when nobody answers or when cancelled", async () => {
  const env = browserEnv();
  const fetched = (url: string, isCancelled = false) =>
    new Promise<HttpAnswer>((resolve) => {
      const cancel = env.fetch({ method: "GET", url }, resolve);
      if (isCancelled) cancel();
    });
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    fetch: () => new Response("here"),
  });
  const { href } = server.url;
  expect(await fetched(href)).toEqual({ status: 200, text: "here" });
  expect(await fetched(href, true)).toEqual({ status: 0, text: "" });
  await server.stop(true);
  expect(await fetched(href)).toEqual({ status: 0, text: "" });
});
