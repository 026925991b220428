import { afterEach, expect, test } from "bun:test";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { once } from "node:events";
import { startFaultProxy, type FaultProxy } from "./fault-proxy.ts";

/** Says back what it hears. */
interface Echo {
  port: number;
  heard: () => string;
  /** How its last connection ended, once it has. */
  ended: Promise<string>;
}

const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanup.splice(0)) clean();
});

async function startEcho({ isSilent = false } = {}): Promise<Echo> {
  let heard = "";
  const ended = Promise.withResolvers<string>();
  const server = createServer((socket) => {
    socket.on("data", (data) => {
      heard += data.toString();
      if (!isSilent) socket.write(data);
    });
    socket.on("error", (error: Error & { code?: string }) => {
      ended.resolve(error.code ?? "error");
    });
    socket.on("close", () => {
      ended.resolve("closed");
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanup.push(() => server.close());
  const { port } = server.address() as AddressInfo;
  return { port, heard: () => heard, ended: ended.promise };
}

function proxyTo(...ports: number[]): FaultProxy {
  const proxy = startFaultProxy({ targets: () => ports });
  cleanup.push(() => {
    proxy[Symbol.dispose]();
  });
  return proxy;
}

class Client {
  readonly socket: Socket;
  text = "";
  readonly ended: Promise<string>;

  constructor({ port }: FaultProxy) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.setNoDelay(true);
    this.socket.on("data", (data) => {
      this.text += data.toString();
    });
    const ended = Promise.withResolvers<string>();
    this.ended = ended.promise;
    this.socket.on("error", (error: Error & { code?: string }) => {
      ended.resolve(error.code ?? "error");
    });
    this.socket.on("close", () => {
      ended.resolve("closed");
    });
    cleanup.push(() => this.socket.destroy());
  }

  say(text: string): void {
    this.socket.write(text);
  }

  async hears(text: string): Promise<void> {
    await until(() => this.text.includes(text));
  }
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = performance.now() + 4_000;
  while (!holds()) {
    if (performance.now() > deadline) throw new Error("it never came to hold");
    await Bun.sleep(2);
  }
}

test("in fair weather bytes pass as they are, and so does the end", async () => {
  const echo = await startEcho();
  const client = new Client(proxyTo(echo.port));
  const long = "x".repeat(3_000_000);
  client.say(`${long}end`);
  await client.hears("end");
  expect(client.text.length).toBe(long.length + 3);
  client.socket.end();
  expect(await client.ended).toBe("closed");
  expect(await echo.ended).toBe("closed");
});

test("who does not accept is passed over for the next", async () => {
  const echo = await startEcho();
  const gone = createServer().listen(0, "127.0.0.1");
  await once(gone, "listening");
  const { port } = gone.address() as AddressInfo;
  gone.close();
  await once(gone, "close");
  const client = new Client(proxyTo(port, echo.port));
  client.say("hello");
  await client.hears("hello");
  expect(await new Client(proxyTo(port)).ended).toBe("ECONNRESET");
});

test("a delay holds back every piece, and its jitter never turns them around", async () => {
  const echo = await startEcho();
  const proxy = proxyTo(echo.port);
  proxy.weather("toClient", { delayMs: 40, jitterMs: 30 });
  const client = new Client(proxy);
  const began = performance.now();
  const words = Array.from({ length: 30 }, (_, n) => `<${n}>`);
  for (const word of words) {
    client.say(word);
    await Bun.sleep(1);
  }
  await client.hears("<29>");
  expect(performance.now() - began).toBeGreaterThan(40);
  expect(client.text).toBe(words.join(""));
});

test("a stall loses nothing: what piles up comes when it is over", async () => {
  const echo = await startEcho();
  const proxy = proxyTo(echo.port);
  const client = new Client(proxy);
  client.say("one");
  await client.hears("one");
  proxy.weather("toServer", { isStalled: true });
  client.say("two");
  await Bun.sleep(50);
  expect(echo.heard()).toBe("one");
  proxy.heal();
  await client.hears("onetwo");
});

test("each way has its own weather", async () => {
  const echo = await startEcho();
  const proxy = proxyTo(echo.port);
  const client = new Client(proxy);
  client.say("one");
  await client.hears("one");
  proxy.weather("toClient", { isStalled: true });
  client.say("two");
  await until(() => echo.heard() === "onetwo");
  expect(client.text).toBe("one");
});

test("who is cut off by silence hears neither bytes nor the end, and cannot go on afterwards", async () => {
  const echo = await startEcho();
  const proxy = proxyTo(echo.port);
  const client = new Client(proxy);
  client.say("one");
  await client.hears("one");
  proxy.weather("toServer", { isSwallowed: true });
  proxy.weather("toClient", { isSwallowed: true });
  client.say("two");
  await Bun.sleep(50);
  expect(echo.heard()).toBe("one");
  expect(proxy.open).toBe(1);
  proxy.heal();
  expect(await client.ended).toBe("ECONNRESET");
  const next = new Client(proxy);
  next.say("three");
  await next.hears("three");
});

test("slices of one byte arrive whole", async () => {
  const echo = await startEcho();
  const proxy = proxyTo(echo.port);
  proxy.weather("toServer", { sliceBytes: 1 });
  const client = new Client(proxy);
  client.say("a long sentence, byte by byte");
  await client.hears("a long sentence, byte by byte");
});

test("a cut after k bytes lets exactly k bytes pass", async () => {
  const echo = await startEcho({ isSilent: true });
  for (const how of ["fin", "rst"] as const) {
    const proxy = proxyTo(echo.port);
    const before = echo.heard().length;
    proxy.cutAfter("toServer", 7, how);
    const client = new Client(proxy);
    client.say("0123");
    client.say("456789");
    expect(await client.ended).toBe(how === "fin" ? "closed" : "ECONNRESET");
    expect(proxy.passed("toServer")).toBe(7);
    expect(proxy.cuts).toBe(1);
    // A reset may throw away what the receiver has not read yet.
    if (how === "fin") await until(() => echo.heard().length === before + 7);
  }
});

test("a lost answer: what was said arrives, what is answered does not", async () => {
  const echo = await startEcho();
  const proxy = proxyTo(echo.port);
  const client = new Client(proxy);
  client.say("one");
  await client.hears("one");
  proxy.loseAnswer();
  client.say("two");
  expect(await client.ended).toBe("ECONNRESET");
  expect(echo.heard()).toBe("onetwo");
  expect(client.text).toBe("one");
});

test("who is refused is told so at once; who is there stays", async () => {
  const echo = await startEcho();
  const proxy = proxyTo(echo.port);
  const client = new Client(proxy);
  client.say("one");
  await client.hears("one");
  proxy.refuse(true);
  expect(await new Client(proxy).ended).toBe("ECONNRESET");
  client.say("two");
  await client.hears("two");
});
