import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { contentTag, hasContent } from "./content-tag.ts";

interface WebFile {
  body: Uint8Array<ArrayBuffer>;
  br: Uint8Array<ArrayBuffer> | undefined;
  gzip: Uint8Array<ArrayBuffer> | undefined;
  type: string;
  etag: string;
  isImmutable: boolean;
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".webmanifest": "application/manifest+json",
};

/** What the build puts beside a text (scripts/compress.mjs). */
const encodings = { br: ".br", gzip: ".gz" } as const;

/**
 * The built page, in memory once asked for, with what the build compressed.
 * Names under /assets/ carry a hash of their content, so they may be kept for
 * ever; the page itself is asked for again each time and costs a 304.
 */
export class WebFiles {
  readonly #files = new Map<string, () => WebFile | undefined>();

  constructor(folder: string) {
    if (!existsSync(folder)) return;
    for (const name of readdirSync(folder, { recursive: true })) {
      const file = path.join(folder, String(name));
      const isOwn = !Object.values(encodings).some((end) => file.endsWith(end));
      if (!isOwn || !statSync(file).isFile()) continue;
      const url = `/${String(name).split(path.sep).join("/")}`;
      let loaded: WebFile | undefined;
      this.#files.set(url, () => (loaded ??= load(file, url)));
    }
  }

  get isBuilt(): boolean {
    return this.#files.has("/index.html");
  }

  /** The file of this path, or undefined. `/` is the page. */
  answer(
    pathname: string,
    request: Headers,
    headers: Record<string, string>,
  ): Response | undefined {
    const file = this.#files.get(
      pathname === "/" ? "/index.html" : pathname,
    )?.();
    if (file === undefined) return undefined;
    const shared = {
      ...headers,
      ETag: file.etag,
      Vary: "Accept-Encoding",
      "Cache-Control": file.isImmutable
        ? "public, max-age=31536000, immutable"
        : "no-cache",
    };
    if (hasContent(request.get("if-none-match"), file.etag)) {
      return new Response(null, { status: 304, headers: shared });
    }
    const { body, encoding } = encodingFor(
      file,
      request.get("accept-encoding") ?? "",
    );
    return new Response(body, {
      headers: {
        ...shared,
        "Content-Type": file.type,
        ...(encoding ? { "Content-Encoding": encoding } : {}),
      },
    });
  }
}

function encodingFor(
  file: WebFile,
  accepted: string,
): { body: Uint8Array<ArrayBuffer>; encoding?: string } {
  if (file.br && accepts(accepted, "br")) {
    return { body: file.br, encoding: "br" };
  }
  if (file.gzip && accepts(accepted, "gzip")) {
    return { body: file.gzip, encoding: "gzip" };
  }
  return { body: file.body };
}

/** Whether an Accept-Encoding names this coding, and not to refuse it (q=0). */
function accepts(header: string, coding: string): boolean {
  return header
    .toLowerCase()
    .split(",")
    .map((one) => one.split(";").map((part) => part.trim()))
    .some(
      ([name, ...parameters]) =>
        name === coding &&
        !parameters.some((one) => /^q=0(?:\.0*)?$/.test(one)),
    );
}

/** undefined when a newer build has taken the file away under our feet. */
function load(file: string, url: string): WebFile | undefined {
  const body = read(file);
  if (body === undefined) return undefined;
  return {
    body,
    br: read(file + encodings.br),
    gzip: read(file + encodings.gzip),
    type: types[path.extname(file)] ?? "application/octet-stream",
    etag: contentTag(body),
    isImmutable: url.startsWith("/assets/"),
  };
}

function read(file: string): Uint8Array<ArrayBuffer> | undefined {
  return existsSync(file) ? Uint8Array.from(readFileSync(file)) : undefined;
}
