import { version } from "@parley/protocol";
import { Line, LineError, type LineOptions } from "./line.ts";

/** The head of an answer. */
export interface Head {
  httpVersion: string;
  status: number;
  /** By lower-case name; several of one name are joined by a comma. */
  headers: ReadonlyMap<string, string>;
}

export interface Answer extends Head {
  body: string;
  /** From the first byte that was sent to the last that came. */
  ms: number;
}

/** Headers that are longer are of nobody who means it. */
const headBytesMax = 32_768;

export interface Question extends LineOptions {
  headers?: Record<string, string>;
}

/** One GET. Rejects with a LineError. */
export async function ask(
  url: URL,
  { headers = {}, ...options }: Question = {},
): Promise<Answer> {
  using line = await Line.open(url, options);
  const start = performance.now();
  line.write(request(url, { connection: "close", ...headers }));
  const head = await readHead(line);
  const body = await readBody(line, head);
  return { ...head, body, ms: performance.now() - start };
}

export function request(url: URL, headers: Record<string, string>): string {
  const all = {
    host: url.host,
    "user-agent": `parley-doctor/${version}`,
    accept: "*/*",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  const path = `${url.pathname}${url.search}`;
  return [`GET ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n");
}

/** The head of the final answer; interim ones are passed over. */
export async function readHead(line: Line): Promise<Head> {
  for (;;) {
    const head = await line.take(oneHead);
    if (head.status === 101 || head.status >= 200) return head;
  }
}

function oneHead(
  bytes: Buffer,
  isEnded: boolean,
): { value: Head; used: number } | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  const start = bytes.toString("latin1", 0, 16);
  const mayBe = start.length < 12 || /^HTTP\/1\.[01] \d{3}/.test(start);
  if (!mayBe || (isEnded && end < 0 && bytes.length > 0)) {
    throw new LineError("NOT_HTTP", "its answer is not HTTP/1");
  }
  if (end > headBytesMax || (end < 0 && bytes.length > headBytesMax)) {
    throw new LineError("HEADERS", "its headers have no end");
  }
  if (end < 0) return undefined;
  const [first = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = "", value = ""] = /^([^:]*):(.*)$/.exec(line) ?? [];
    const key = name.toLowerCase();
    const before = headers.get(key);
    const text = value.trim();
    headers.set(key, before === undefined ? text : `${before}, ${text}`);
  }
  const httpVersion = first.slice(5, 8);
  const status = Number(first.slice(9, 12));
  return { value: { httpVersion, status, headers }, used: end + 4 };
}

/** The body as it was sent: what is compressed stays so. */
async function readBody(line: Line, head: Head): Promise<string> {
  const { status, headers } = head;
  if (status === 204 || status === 304 || status === 101) return "";
  if (/chunked/i.test(headers.get("transfer-encoding") ?? "")) {
    return readChunks(line);
  }
  const length = headers.get("content-length");
  return line.take((bytes, isEnded) => {
    const wanted = length === undefined ? undefined : Number(length);
    if (wanted !== undefined && bytes.length >= wanted) {
      return { value: bytes.toString("utf8", 0, wanted), used: wanted };
    }
    if (!isEnded || wanted !== undefined) return undefined;
    return { value: bytes.toString("utf8"), used: bytes.length };
  });
}

async function readChunks(line: Line): Promise<string> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = await line.take((bytes) => {
      const end = bytes.indexOf("\r\n");
      if (end < 0) return undefined;
      const size = Number.parseInt(bytes.toString("latin1", 0, end), 16);
      if (!(size >= 0) || end > 100) {
        throw new LineError("NOT_HTTP", "its body is not HTTP/1");
      }
      const used = end + 2 + size + 2;
      if (bytes.length < used) return undefined;
      return { value: Buffer.from(bytes.subarray(end + 2, used - 2)), used };
    });
    if (chunk.length === 0) return Buffer.concat(chunks).toString("utf8");
    total += chunk.length;
    if (total > 2_097_152) {
      throw new LineError("TOO_MUCH", "its answer has no end");
    }
    chunks.push(chunk);
  }
}

/** What a JSON answer says, or undefined. */
export function jsonIn({ body }: Answer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === "object" && value !== null
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
