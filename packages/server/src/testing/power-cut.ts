import path from "node:path";

/**
 * Compiles power-cut.c into this folder and answers the settings that make a
 * process run under it. Fails with one line when there is no C compiler.
 */
export function preparePowerCut(folder: string): Record<string, string> {
  const compiler = Bun.which("cc") ?? Bun.which("gcc") ?? Bun.which("clang");
  if (compiler === null) {
    throw new Error(
      "The power-cut tests need a C compiler. Install one, such as by: sudo apt-get install gcc libc6-dev",
    );
  }
  const library = path.join(folder, "power-cut.so");
  const source = path.join(import.meta.dir, "power-cut.c");
  const { exitCode, stderr } = Bun.spawnSync([
    compiler,
    ...["-O1", "-Wall", "-shared", "-fPIC", "-o", library, source],
    ...["-ldl", "-lpthread"],
  ]);
  if (exitCode !== 0) {
    throw new Error(`power-cut.c does not compile: ${stderr.toString()}`);
  }
  return { LD_PRELOAD: library };
}
