import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";

/** A page as the build leaves it, but small. Whoever asked for it removes it. */
export function builtPage(): string {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, "assets"));
  const files = {
    "index.html":
      '<!doctype html><title>Parley</title><script type="module" src="/assets/index-a1B2c3D4.js"></script>',
    "assets/index-a1B2c3D4.js": "void 0;",
  };
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    writeFileSync(`${file}.gz`, Bun.gzipSync(text));
  }
  return folder;
}
