// bun bench/page.ts [--loads 5]
// The first load of the page: what it takes over the line, and how long until
// a person can type into it (in Chromium, where that is installed).
import { rm } from "node:fs/promises";
import { parseArgs } from "node:util";
import { kilobytes, withSpread } from "./figures.ts";
import { dataFolder, spawnParley } from "./peers/parley.ts";
import { timeToType, type PageLoad } from "./time-to-type.ts";
import { columns, markdownTable } from "./table.ts";

const { values } = parseArgs({
  options: { loads: { type: "string", default: "5" } },
});

interface Part {
  path: string;
  encoding: string;
  bytes: number;
}

/** One file as a browser gets it: compressed, counted before unpacking. */
async function download(origin: string, path: string): Promise<Part> {
  const response = await fetch(`${origin}${path}`, {
    headers: { "accept-encoding": "br, gzip" },
    decompress: false,
  });
  if (!response.ok) throw new Error(`GET ${path}: ${response.status}`);
  return {
    path,
    encoding: response.headers.get("content-encoding") ?? "none",
    bytes: (await response.arrayBuffer()).byteLength,
  };
}

/** Scripts, style sheets and preloads that the page names itself. */
async function filesOf(origin: string): Promise<string[]> {
  const html = await (await fetch(`${origin}/`)).text();
  const tags = html.matchAll(
    /<(?:script|link)\b[^>]*?\b(?:src|href)="(\/?[^"]+\.(?:js|css))"/g,
  );
  const paths = [...tags].map(
    ([, path = ""]) => new URL(path, origin).pathname,
  );
  return [...new Set(paths)];
}

/** The same as Chromium has it, imports that scripts ask for included. */
function inChromium(loads: readonly PageLoad[]): string[][] {
  const ms = loads.map((load) => load.ms);
  const bytes = Math.max(...loads.map((load) => load.bytes));
  return [
    ["JS + CSS that Chromium fetched", "", `${kilobytes(bytes)} KB`],
    [
      "until one can type, nothing cached",
      "",
      `${withSpread(ms, (value) => value.toFixed(0))} ms`,
    ],
  ];
}

const data = await dataFolder();
try {
  await using server = await spawnParley({ data, isPinned: false });
  const origin = `http://127.0.0.1:${server.port}`;
  const paths = ["/", ...(await filesOf(origin))];
  const parts = await Promise.all(paths.map((path) => download(origin, path)));
  const scriptsAndStyles = parts.filter(({ path }) => path !== "/");
  const sum = scriptsAndStyles.reduce((total, { bytes }) => total + bytes, 0);
  const loads = await timeToType(origin, Number(values.loads));
  console.log(
    markdownTable(columns(["what", "encoding", "figure"], 2), [
      ...parts.map(({ path, encoding, bytes }) => [
        path,
        encoding,
        `${kilobytes(bytes)} KB`,
      ]),
      ["JS + CSS that the page names", "", `${kilobytes(sum)} KB`],
      ...(typeof loads === "string"
        ? [["until one can type", "", loads]]
        : inChromium(loads)),
    ]),
  );
} finally {
  await rm(data, { recursive: true, force: true });
}
