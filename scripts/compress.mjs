import { readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { listFolder } from "./processes.mjs";

const compressible = new Set([".html", ".js", ".css", ".json", ".svg"]);

/** Below this, compression saves less than its header costs. */
const bytesMin = 512;

/**
 * Puts a .br and a .gz beside each text of a folder, so that the server never
 * spends its own time on it: the best compression of a large file takes the
 * better part of a second, and would hold up everybody.
 */
export function compressFolder(folder) {
  for (const name of listFolder(folder)) {
    const file = path.join(folder, name);
    if (statSync(file).isDirectory()) compressFolder(file);
    else if (compressible.has(path.extname(file))) compressFile(file);
  }
}

function compressFile(file) {
  const body = readFileSync(file);
  if (body.byteLength < bytesMin) return;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  writeFileSync(`${file}.br`, brotliCompressSync(body, { params }));
  writeFileSync(`${file}.gz`, gzipSync(body, { level: 9 }));
}
