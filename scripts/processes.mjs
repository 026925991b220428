import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";

export const isWindows = process.platform === "win32";

/** Runs a program in this terminal; true when it went well. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, { stdio: "inherit", ...options });
  if (result.error) console.error(`${program}: ${result.error.message}`);
  return result.status === 0;
}

export function mustRun(program, args, options) {
  if (!run(program, args, options)) fail(`${program} ${args[0]} failed`);
}

/** What a program prints, or undefined when it is missing or fails. */
export function output(program, args) {
  const result = spawnSync(program, args, { encoding: "utf8" });
  return result.status === 0 ? result.stdout.trim() : undefined;
}

export function listFolder(folder) {
  return existsSync(folder) ? readdirSync(folder) : [];
}

export function fail(message) {
  console.error(`\n✖ ${message}`);
  process.exit(1);
}
