import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { limits } from "@parley/protocol";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { generous } from "../testing/generous.ts";
import { RawSocket } from "../testing/raw-socket.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer(generous);
});
afterAll(() => server[Symbol.asyncDispose]());

/** The status of the first answer to these bytes, on a connection of their own. */
async function statusFor(request: string): Promise<number> {
  const socket = await RawSocket.connect(server);
  socket.write(request);
  const { status } = await socket.response();
  socket.close();
  return status;
}

/** A POST to /api/join up to its body. */
function head(lines: string[]): string {
  return [
    "POST /api/join HTTP/1.1",
    `Host: 127.0.0.1:${server.port}`,
    ...lines,
    "",
    "",
  ].join("\r\n");
}

describe("a body", () => {
  const json = { "content-type": "application/json" };
  const fitting = JSON.stringify({ email: "ann@example.org", name: "Ann" });
  const padded = (bytes: number): string =>
    fitting + " ".repeat(bytes - fitting.length);
  const post = (body: string, headers: Record<string, string> = json) =>
    askHttp(server, "/api/join", { body, headers });

  test("[Q2] 64 KiB are read, one byte more is too_large", async () => {
    expect((await post(padded(limits.frameBytes))).status).toBe(200);
    const answer = await post(padded(limits.frameBytes + 1));
    expectRefusal(answer, "too_large");
  });

  test("[Q2] the same when the length is not announced (chunked)", async () => {
    const send = async (bytes: number): Promise<Response> =>
      fetch(`${server.url}/api/join`, {
        method: "POST",
        headers: json,
        body: (async function* () {
          const all = Buffer.from(padded(bytes));
          for (let start = 0; start < all.length; start += 8_192) {
            yield all.subarray(start, start + 8_192);
            await Promise.resolve();
          }
        })(),
      });
    expect((await send(limits.frameBytes)).status).toBe(200);
    const refused = await send(limits.frameBytes + 1);
    expect(refused.status).toBe(413);
    expect(await refused.json()).toMatchObject({
      error: { code: "too_large" },
    });
  });

  test("[Q2] endless chunks are answered with 413 and are not read to their end", async () => {
    const socket = await RawSocket.connect(server);
    socket.write(
      head(["Content-Type: application/json", "Transfer-Encoding: chunked"]),
    );
    const chunk = `2000\r\n${" ".repeat(0x2000)}\r\n`;
    for (let sent = 0; sent < 9; sent += 1) socket.write(chunk);
    expect((await socket.response()).status).toBe(413);
    socket.close();
  });

  test("[Q2] a length of 10 GB is refused from the head alone", async () => {
    const status = await statusFor(
      head(["Content-Type: application/json", "Content-Length: 9999999999"]),
    );
    expect(status).toBe(413);
  });

  const lengths: [string, number][] = [
    ["Content-Length: -1", 400],
    ["Content-Length: 0x10", 400],
    ["Content-Length: +5", 400],
    ["Content-Length: 5\r\nContent-Length: 6", 400],
    ["Content-Length: 5\r\nTransfer-Encoding: chunked", 400],
  ];
  for (const [line, status] of lengths) {
    test(`[Q5] ${JSON.stringify(line)} is answered ${status} by Bun`, async () => {
      const type = "Content-Type: application/json";
      const request = head([type, line]);
      expect(await statusFor(`${request}hello`)).toBe(status);
    });
  }

  test("[Q5] a chunk of 16 exabytes is answered 400 by Bun, one with 64 KiB of extension 413 or 400", async () => {
    const chunked = head([
      "Content-Type: application/json",
      "Transfer-Encoding: chunked",
    ]);
    expect(await statusFor(`${chunked}FFFFFFFFFFFFFFFF\r\n{`)).toBe(400);
    const extended = `${chunked}2;${"x".repeat(65_536)}\r\n{}\r\n0\r\n\r\n`;
    expect([400, 413]).toContain(await statusFor(extended));
  });

  test("[Q4] what comes behind the announced length is the next request, and none: 400", async () => {
    const socket = await RawSocket.connect(server);
    const type = "Content-Type: application/json";
    const length = `Content-Length: ${fitting.length}`;
    socket.write(`${head([type, length])}${fitting}trailing words\r\n\r\n`);
    // In one packet with it, Bun answers for the request before as well.
    expect([200, 400]).toContain((await socket.response()).status);
    expect([0, 400]).toContain((await socket.response()).status);
    await socket.ended;
    socket.close();
  });

  const types: [string, Record<string, string>][] = [
    ["none", {}],
    ["text/plain", { "content-type": "text/plain" }],
    [
      "a type that only begins like it",
      { "content-type": "application/jsonp" },
    ],
    ["doubled", { "content-type": "application/json, application/json" }],
    ["another charset", { "content-type": "application/json; charset=utf-16" }],
    ["compressed", { ...json, "content-encoding": "gzip" }],
    ["said to be not compressed", { ...json, "content-encoding": "identity" }],
  ];
  for (const [what, headers] of types) {
    test(`[Q3] content type ${what}: unsupported_type`, async () => {
      expectRefusal(await post(fitting, headers), "unsupported_type");
    });
  }

  const fine = [
    "application/json",
    "application/json; charset=utf-8",
    'application/json;charset="UTF-8"',
    "Application/JSON",
  ];
  for (const type of fine) {
    test(`content type ${type} is accepted`, async () => {
      const answer = await post(fitting, { "content-type": type });
      expect(answer.status).toBe(200);
    });
  }
});
