import { afterAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHash } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { readConfig } from "../config.ts";
import { freePort } from "../testing/free-port.ts";
import { examine } from "./examine.ts";
import type { Finding } from "./finding.ts";

// Servers that are anything but Parley: a doctor must neither hang nor let them
// write to the terminal.

setDefaultTimeout(20_000);

const servers: Server[] = [];
afterAll(() => {
  for (const server of servers) server.close();
});

/** How long one answer may take here; in life it is five seconds. */
const msMax = 400;

/** Answers each connection's first words with this. */
async function misbehaving(
  answer: (socket: Socket, request: string) => void,
): Promise<string> {
  const server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", (data) => {
      answer(socket, String(data));
    });
  });
  servers.push(server);
  const port = await freePort();
  await new Promise<void>((resolve) => {
    server.listen(port, "127.0.0.1", resolve);
  });
  return `http://127.0.0.1:${port}`;
}

async function lookAt(url: string): Promise<Finding[]> {
  const findings = await examine({
    origin: new URL(url),
    config: readConfig({ PARLEY_DATA: "/nowhere" }),
    msMax,
    onFinding: () => undefined,
  });
  return findings.filter(({ about }) => about !== "runtime");
}

const ok = (body: string, headers = ""): string =>
  `HTTP/1.1 200 OK\r\nDate: ${new Date().toUTCString()}\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const live = ok('{"status":"live"}');

/** As Parley, as far as the first question goes. */
const liveThen =
  (then: (socket: Socket, request: string) => void) =>
  (socket: Socket, request: string): void => {
    if (request.startsWith("GET /livez ")) socket.end(live);
    else then(socket, request);
  };

/** Writes as fast as the other side reads, for ever. */
function forEver(socket: Socket, first: string, then: string): void {
  socket.write(first);
  const more = (): void => {
    while (!socket.destroyed && socket.write(then));
  };
  socket.on("drain", more);
  more();
}

/** A 101 as it should be, and what comes after it. */
function upgraded(socket: Socket, request: string, then: Buffer): void {
  const key = /sec-websocket-key: (.*)\r/i.exec(request)?.[1] ?? "";
  const accept = createHash("sha1")
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: parley.v1\r\n\r\n`,
  );
  socket.write(then);
}

const first: [what: string, answer: (socket: Socket) => void, found: RegExp][] =
  [
    ["says nothing", () => undefined, /does not answer/],
    ["hangs up", (socket) => socket.end(), /closes the connection/],
    ["breaks off", (socket) => socket.resetAndDestroy(), /breaks|closes/],
    [
      "speaks another language",
      (socket) => socket.end("SSH-2.0-OpenSSH_9.6\r\n"),
      /not HTTP/,
    ],
    [
      "sends bytes of any kind",
      (socket) => {
        forEver(socket, "", "\u0000\u001b]0;owned\u0007\u009b31m".repeat(999));
      },
      /not HTTP/,
    ],
    [
      "has headers without end",
      (socket) => {
        forEver(socket, "HTTP/1.1 200 OK\r\n", `X: ${"y".repeat(999)}\r\n`);
      },
      /headers of its answer have no end/,
    ],
    [
      "has a body without end",
      (socket) => {
        forEver(socket, "HTTP/1.1 200 OK\r\n\r\n", "z".repeat(65_536));
      },
      /no end|does not answer/,
    ],
    [
      "has chunks without end",
      (socket) => {
        const chunk = `10000\r\n${"z".repeat(65_536)}\r\n`;
        const head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        forEver(socket, head, chunk);
      },
      /no end|does not answer/,
    ],
    [
      "promises a chunk that no machine holds",
      (socket) =>
        socket.write(
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n",
        ),
      /does not answer/,
    ],
    [
      "drips a byte at a time",
      (socket) => {
        const timer = setInterval(() => socket.write("H"), 50);
        socket.on("close", () => {
          clearInterval(timer);
        });
      },
      /does not answer|not HTTP/,
    ],
    [
      "sends on to itself for ever",
      (socket) =>
        socket.end(
          "HTTP/1.1 302 Found\r\nLocation: /livez\r\nContent-Length: 0\r\n\r\n",
        ),
      /sends everybody on to \/livez/,
    ],
    [
      "says that it goes on for ever",
      (socket) => {
        forEver(socket, "", "HTTP/1.1 103 Early Hints\r\n\r\n".repeat(999));
      },
      /no end|does not answer|not HTTP/,
    ],
  ];

describe("a server that", () => {
  for (const [what, answer, found] of first) {
    test(`${what} is named within its time`, async () => {
      const url = await misbehaving(answer);
      const start = performance.now();
      const findings = await lookAt(url);
      expect(performance.now() - start).toBeLessThan(10 * msMax);
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatchObject({ status: "wrong" });
      expect(findings[0]?.found).toMatch(found);
    });
  }

  test("begins well and then says nothing costs its time per question, not more", async () => {
    const url = await misbehaving(liveThen(() => undefined));
    const start = performance.now();
    const findings = await lookAt(url);
    expect(performance.now() - start).toBeLessThan(12 * msMax);
    expect(findings.some(({ status }) => status === "wrong")).toBe(true);
  });

  test("[L-5] puts control characters, passwords and endless words into its headers gets none of them to the terminal", async () => {
    const nasty = `\u001b[2J\u0007\u009b1m\u202e https://ann:pssword@x.example/ ${"w".repeat(9_000)}`;
    const headers = `Server: ${nasty}\r\nContent-Type: ${nasty}\r\nLocation: ${nasty}\r\n`;
    const info = { title: "Parley", version: nasty };
    const url = await misbehaving(
      liveThen((socket, request) => {
        if (request.startsWith("GET /ws ")) {
          const head = `HTTP/1.1 302 Found\r\n${headers}Content-Length: 0\r\n\r\n`;
          socket.end(Buffer.from(head, "utf8"));
        } else socket.end(Buffer.from(ok(JSON.stringify({ info }), headers)));
      }),
    );
    const findings = await lookAt(url);
    const said = findings
      .map(({ found, remedy = "" }) => found + remedy)
      .join("");
    expect(said).toContain("x.example");
    expect(said).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(said).not.toContain("pssword");
    expect(said).not.toContain("w".repeat(500));
  });

  for (const [what, bytes, found] of [
    ["holds back what comes after 101", "", /does not arrive/],
    ["sends no frames after 101", "HTTP/1.1 200 OK", /does not arrive/],
    ["sends a frame without end after 101", "\u0081\u007f", /does not arrive/],
    ["closes with a code of its own", "\u0088\u0002\u0003\u00f3", /with 1011/],
  ] as const) {
    test(`${what} is named`, async () => {
      const url = await misbehaving(
        liveThen((socket, request) => {
          if (request.startsWith("GET /ws ")) {
            upgraded(socket, request, Buffer.from(bytes, "latin1"));
          } else socket.end(ok("{}"));
        }),
      );
      const findings = await lookAt(url);
      const [finding] = findings.filter(({ about }) => about === "WebSocket");
      expect(finding).toMatchObject({ status: "wrong" });
      expect(finding?.found).toMatch(found);
    });
  }

  test("answers every handshake with the same key is named", async () => {
    const url = await misbehaving(
      liveThen((socket, request) => {
        if (!request.startsWith("GET /ws ")) socket.end(ok("{}"));
        else upgraded(socket, "", Buffer.alloc(0));
      }),
    );
    const findings = await lookAt(url);
    const [finding] = findings.filter(({ about }) => about === "WebSocket");
    expect(finding?.found).toMatch(/Sec-WebSocket-Accept does not follow/);
  });

  test("speaks HTTP/1.0 is named", async () => {
    const url = await misbehaving((socket) =>
      socket.end(live.replace("HTTP/1.1", "HTTP/1.0")),
    );
    const findings = await lookAt(url);
    const [finding] = findings.filter(({ about }) => about === "HTTP");
    expect(finding?.status).toBe("warning");
  });

  for (const [hours, found] of [
    [1, /\d+ s ahead of/],
    [-1, /\d+ s behind/],
  ] as const) {
    test(`has a clock that is ${hours} h off is named`, async () => {
      const date = new Date(Date.now() + hours * 3_600_000).toUTCString();
      const url = await misbehaving((socket) =>
        socket.end(live.replace(/Date: .*/, `Date: ${date}`)),
      );
      const findings = await lookAt(url);
      const [finding] = findings.filter(({ about }) => about === "clock");
      expect(finding?.status).toBe("warning");
      expect(finding?.found).toMatch(found);
    });
  }
});

test("where nothing is there, and no host of that name, a sentence says so", async () => {
  const nothing = await lookAt(`http://127.0.0.1:${await freePort()}`);
  expect(nothing[0]?.found).toMatch(/nothing listens there/);
});
