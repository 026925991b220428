import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import {
  brotliCompressSync,
  brotliDecompressSync,
  gunzipSync,
  gzipSync,
} from "node:zlib";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { RawSocket } from "../testing/raw-socket.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { temporaryFolder } from "../testing/temporary-folder.ts";

const page = `<!doctype html><title>Parley</title>${"<p>hello</p>".repeat(100)}`;
const script = `// ${"a".repeat(2_000)}\nexport {};\n`;
const small = "body{}";
const secret = "nobody may read this";

const folder = temporaryFolder();
const webFolder = path.join(folder, "dist");
let server: TestServer;
beforeAll(async () => {
  mkdirSync(path.join(webFolder, "assets"), { recursive: true });
  writeFileSync(path.join(folder, "secret.txt"), secret);
  writeFileSync(path.join(webFolder, "index.html"), page);
  writeFileSync(path.join(webFolder, "sw.js"), script);
  writeFileSync(path.join(webFolder, "assets/app-1a2b.js"), script);
  writeFileSync(path.join(webFolder, "assets/app-1a2b.css"), small);
  writeFileSync(path.join(webFolder, "assets/font-3c.woff2"), script);
  writeFileSync(path.join(webFolder, "assets/gone-9f.js"), script);
  for (const name of ["index.html", "sw.js", "assets/app-1a2b.js"]) {
    const text = name === "index.html" ? page : script;
    const file = path.join(webFolder, name);
    writeFileSync(`${file}.br`, brotliCompressSync(text));
    writeFileSync(`${file}.gz`, gzipSync(text));
  }
  server = await startTestServer({}, { webFolder });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

/** One request as it goes over the line: nothing is unpacked on the way. */
async function get(
  target: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; bytes: Buffer }> {
  const response = await fetch(`${server.url}${target}`, {
    headers: { "accept-encoding": "identity", ...headers },
    decompress: false,
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes };
}

describe("the page", () => {
  test("is at / and at every room's address, and is asked for again each time", async () => {
    for (const target of ["/", "/r/r_8fK2qZ7mQa", "/?invite=x"]) {
      const { status, headers, bytes } = await get(target);
      expect(status).toBe(200);
      expect(String(bytes)).toBe(page);
      expect(headers.get("content-type")).toBe("text/html; charset=utf-8");
      expect(headers.get("cache-control")).toBe("no-cache");
    }
  });

  test("a file whose name holds the hash of its content may be kept for ever, another may not", async () => {
    const asset = await get("/assets/app-1a2b.js");
    expect(asset.headers.get("cache-control")).toBe(
      "public, max-age=31536000, immutable",
    );
    expect(asset.headers.get("content-type")).toBe(
      "text/javascript; charset=utf-8",
    );
    const worker = await get("/sw.js");
    expect(worker.headers.get("cache-control")).toBe("no-cache");
  });

  test("what the browser has already costs a 304", async () => {
    for (const target of ["/", "/assets/app-1a2b.js"]) {
      const { headers } = await get(target);
      const etag = headers.get("etag") ?? "";
      for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
        const again = await get(target, { "if-none-match": known });
        expect(again.status).toBe(304);
        expect(again.bytes).toHaveLength(0);
        expect(again.headers.get("etag")).toBe(etag);
        expect(again.headers.get("vary")).toBe("Accept-Encoding");
      }
      const other = await get(target, { "if-none-match": '"other"' });
      expect(other.status).toBe(200);
    }
  });

  test("HEAD tells of a file without sending it", async () => {
    const headers = { "accept-encoding": "identity" };
    const page = await askHttp(server, "/", { headers });
    const answer = await askHttp(server, "/", { method: "HEAD", headers });
    expect(answer.status).toBe(200);
    expect(answer.text).toBe("");
    expect(page.text.length).toBeGreaterThan(0);
    for (const name of ["etag", "content-type", "content-length"]) {
      const told = answer.headers.get(name);
      expect([name, told]).toEqual([name, page.headers.get(name) ?? "none"]);
    }
  });

  test("[Q1] nobody posts to the page", async () => {
    const answer = await askHttp(server, "/", { method: "POST" });
    expectRefusal(answer, "method_not_allowed");
    expect(answer.headers.get("allow")).toBe("GET, HEAD");
  });
});

describe("compression, done once and not per request", () => {
  const choices: [string, string | null][] = [
    ["", null],
    ["identity", null],
    ["gzip", "gzip"],
    ["br", "br"],
    ["gzip, deflate, br, zstd", "br"],
    ["gzip,br", "br"],
    ["GZIP, BR", "br"],
    ["br;q=0, gzip", "gzip"],
    ["br;q=0", null],
    ["br ; q=0, gzip ;q=0.0", null],
    ["br;q=0.001", "br"],
    ["br; q=0.5, gzip; q=1", "br"],
    ["gzip;q=1.0, *;q=0", "gzip"],
    ["brotli, xgzip, gzipped, x-gzip", null],
    ["deflate, zstd", null],
    [`${"x,".repeat(2_000)}br`, "br"],
  ];
  for (const [accepted, wanted] of choices) {
    test(`for a client that accepts ${JSON.stringify(accepted.slice(0, 40))} the page comes ${wanted ?? "as it is"}`, async () => {
      const { headers, bytes } = await get("/", {
        "accept-encoding": accepted,
      });
      expect(headers.get("content-encoding")).toBe(wanted);
      expect(headers.get("vary")).toBe("Accept-Encoding");
      const unpack = {
        br: brotliDecompressSync,
        gzip: gunzipSync,
        none: (one: Buffer) => one,
      }[(wanted ?? "none") as "br" | "gzip" | "none"];
      expect(String(unpack(bytes))).toBe(page);
    });
  }

  test("is left out where it saves nothing: small files, packed ones", async () => {
    for (const target of ["/assets/app-1a2b.css", "/assets/font-3c.woff2"]) {
      const { headers } = await get(target, { "accept-encoding": "br, gzip" });
      expect(headers.has("content-encoding")).toBe(false);
    }
  });

  test("makes the page smaller", async () => {
    const { bytes } = await get("/", { "accept-encoding": "br" });
    expect(bytes.length).toBeLessThan(page.length / 5);
  });
});

describe("[T28] nothing outside the page's folder can be had", () => {
  const tricks = [
    "/../secret.txt",
    "/assets/../../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/assets/..%5c..%5csecret.txt",
    "/assets/..\\..\\secret.txt",
    "//secret.txt",
    "/./../secret.txt",
    "/%252e%252e/secret.txt",
    "/assets/%c0%ae%c0%ae/secret.txt",
    "/assets",
    "/assets/",
    "/assets/app-1a2b.js%00.png",
    "/assets/app-1a2b.js/",
    "/index.html/..;/secret.txt",
    "/constructor",
    "/__proto__",
    "/r/../../secret.txt",
    "/r/",
    "/r/a/b",
    "/.env",
  ];
  for (const target of tricks) {
    test(`${target} is not_found`, async () => {
      // By hand: a client library would tidy the path up before sending it.
      const socket = await RawSocket.connect(server);
      socket.write(`GET ${target} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      const { status, body } = await socket.response();
      socket.close();
      expect(status).toBe(404);
      expect(body).not.toContain(secret);
      expect(JSON.parse(body)).toMatchObject({ error: { code: "not_found" } });
    });
  }

  test("a path that leads back into the folder is the file it leads to", async () => {
    const socket = await RawSocket.connect(server);
    socket.write("GET /assets/../sw.js HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const { status, body } = await socket.response();
    socket.close();
    expect(status).toBe(200);
    expect(body).toBe(script);
  });
});

test("without a built page the server runs, and says that there is none", async () => {
  const nowhere = path.join(folder, "nowhere");
  await using bare = await startTestServer({}, { webFolder: nowhere });
  expectRefusal(await askHttp(bare, "/"), "not_found");
  expect((await askHttp(bare, "/healthz")).status).toBe(200);
});

test("a file that a newer build has taken away is not found, which is no mistake of the server", async () => {
  rmSync(path.join(webFolder, "assets/gone-9f.js"));
  expect((await get("/assets/gone-9f.js")).status).toBe(404);
});
