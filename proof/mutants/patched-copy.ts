import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Patch } from "./mutant.ts";

const tree = path.resolve(import.meta.dir, "../..");

/** What a simulation and a server need, and nothing that is built or downloaded. */
const copied = [
  "packages/protocol",
  "packages/client",
  "packages/server",
  "proof",
  "package.json",
  "bunfig.toml",
  "tsconfig.base.json",
];

const ourPackages = ["protocol", "client", "server"];

/** Whether the product has the place of this patch; throws when it has not. */
export function findPlace(patch: Patch): void {
  patched(readFileSync(path.join(tree, patch.file), "utf8"), patch);
}

function patched(text: string, { file, find, replace }: Patch): string {
  const parts = text.split(find);
  if (parts.length !== 2) {
    throw new Error(
      `The mutant is stale: ${file} has ${parts.length - 1} times what should stand there once: ${find}`,
    );
  }
  return parts.join(replace);
}

/** A tree of its own with a mistake in it: the product stays clean. */
export class PatchedCopy implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), "parley-mutant-"));

  constructor(patches: readonly Patch[]) {
    for (const name of copied) {
      cpSync(path.join(tree, name), path.join(this.folder, name), {
        recursive: true,
        filter: (source) => !/\/(?:node_modules|dist|data)$/.test(source),
      });
    }
    this.#linkPackages();
    try {
      for (const patch of patches) this.#apply(patch);
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Those of others are linked; ours are the copy's, or the mistake would not be used. */
  #linkPackages(): void {
    const from = path.join(tree, "node_modules");
    const to = path.join(this.folder, "node_modules");
    mkdirSync(path.join(to, "@parley"), { recursive: true });
    for (const name of readdirSync(from)) {
      if (name !== "@parley") {
        symlinkSync(path.join(from, name), path.join(to, name));
      }
    }
    for (const name of ourPackages) {
      symlinkSync(
        path.join(this.folder, "packages", name),
        path.join(to, "@parley", name),
      );
    }
  }

  #apply(patch: Patch): void {
    const place = path.join(this.folder, patch.file);
    writeFileSync(place, patched(readFileSync(place, "utf8"), patch));
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
