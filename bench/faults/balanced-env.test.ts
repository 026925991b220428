import { afterAll, expect, test } from "bun:test";
import { freePort } from "../peers/server-process.ts";
import { balancedEnv, type BalancedNode } from "./balanced-env.ts";

const servers = [startServer(), startServer()];
afterAll(async () => {
  for (const server of servers) await server.stop(true);
});

/** Says hello to every socket, and ends those that say so. */
function startServer() {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: (request, server) =>
      server.upgrade(request) ? undefined : new Response("here"),
    websocket: {
      message: (socket) => {
        socket.close(4200);
      },
    },
  });
}

/** Goes through the happenings of one socket at a time. */
function enter(names: readonly BalancedNode[]) {
  const heard: string[] = [];
  const env = balancedEnv(
    "",
    { nodes: names, home: 0 },
    {
      opened: ({ name }) => heard.push(`opened ${name}`),
      received: () => undefined,
      closed: ({ name }, code) => heard.push(`closed ${name} ${code}`),
    },
  );
  const open = () => {
    const opened = Promise.withResolvers<void>();
    const closed = Promise.withResolvers<number>();
    const socket = env.openSocket("ws://127.0.0.1:1/ws", "parley.v1", {
      opened: () => {
        opened.resolve();
      },
      received: () => undefined,
      closed: (code) => {
        closed.resolve(code);
        opened.resolve();
      },
    });
    return { socket, opened: opened.promise, closed: closed.promise };
  };
  return { env, heard, open };
}

async function nodes(): Promise<BalancedNode[]> {
  const absent = { name: "absent", port: await freePort() };
  const there = servers.map(({ port = 0 }, index) => ({
    name: `there-${index}`,
    port,
  }));
  return [absent, ...there];
}

test("a node that does not accept is passed over without the client noticing", async () => {
  const { open, heard, env } = enter(await nodes());
  const { socket, opened, closed } = open();
  await opened;
  expect(heard).toEqual(["opened there-0"]);
  // What the client itself ends is no fault of the servers.
  socket.close(1000);
  await closed;
  expect(heard).toEqual(["opened there-0"]);
  const { promise, resolve } = Promise.withResolvers<string>();
  env.fetch({ method: "GET", url: "http://127.0.0.1:1/" }, ({ text }) => {
    resolve(text);
  });
  expect(await promise).toBe("here");
});

test("after a connection has ended the client comes to another node", async () => {
  const [, ...there] = await nodes();
  const { open, heard } = enter(there);
  const first = open();
  await first.opened;
  first.socket.send("end this");
  expect(await first.closed).toBe(4200);
  const second = open();
  await second.opened;
  expect(heard).toEqual([
    "opened there-0",
    "closed there-0 4200",
    "opened there-1",
  ]);
  second.socket.close(1000);
  await second.closed;
});

test("where no node accepts, the client is told once", async () => {
  const [absent] = await nodes();
  const { open, heard } = enter(absent ? [absent, absent] : []);
  expect(await open().closed).toBe(1006);
  expect(heard).toEqual([]);
});
