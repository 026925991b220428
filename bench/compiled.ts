import { createHash } from "node:crypto";
import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";

/** Where tools of an npm project keep what can be made again. */
const folder = join(
  import.meta.dirname,
  "..",
  "node_modules",
  ".cache",
  "parley-bench",
);

/**
 * The path of a program made from these sources; `compile` writes it when it
 * has not been made from exactly these before. Undefined when that fails.
 */
export async function compiled(
  name: string,
  sources: readonly string[],
  compile: (program: string) => Promise<boolean>,
): Promise<string | undefined> {
  const hash = createHash("sha256");
  for (const source of sources.toSorted()) {
    hash.update(await Bun.file(source).bytes());
  }
  const digest = hash.digest("hex").slice(0, 16);
  const program = join(folder, `${name}-${digest}`);
  if (await Bun.file(program).exists()) return program;
  await mkdir(folder, { recursive: true });
  // Under a name of its own first: two runs may compile at the same time.
  const unfinished = `${program}.${process.pid}`;
  if (!(await compile(unfinished))) return undefined;
  await rename(unfinished, program);
  return program;
}
