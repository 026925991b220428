// bun bench/start.ts
// How long a newcomer waits: `npm start` in a copy of this repository without
// node_modules until /healthz answers, the same again, and what a fresh server
// takes of the memory.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { megabytes, short } from "./figures.ts";
import { dataFolder, spawnParley } from "./peers/parley.ts";
import { freePort } from "./peers/server-process.ts";
import { readRssBytes } from "./rss.ts";
import { columns, markdownTable } from "./table.ts";

const root = join(import.meta.dirname, "..");
const startMsMax = 120_000;
const pollMs = 20;
/** Long enough for what a server does right after it has started. */
const restMs = 3_000;

/** Everything that a clone would have if all that is here were committed. */
async function copyAsClone(to: string): Promise<void> {
  const git = Bun.spawn(
    ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    { cwd: root, stdout: "pipe" },
  );
  const files = (await new Response(git.stdout).text()).split("\0");
  for (const file of files) {
    if (file === "" || !(await Bun.file(join(root, file)).exists())) continue;
    await cp(join(root, file), join(to, file), { verbatimSymlinks: true });
  }
}

/** Without what `npm run bench` says about this repository to its children. */
function newcomersEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !name.startsWith("npm_") && !name.startsWith("PARLEY_"),
    ),
  );
}

/** Seconds from `npm start` until /healthz answers. */
async function timeStart(folder: string): Promise<number> {
  const port = await freePort();
  const started = performance.now();
  const npm = spawn("npm", ["start"], {
    cwd: folder,
    env: { ...newcomersEnvironment(), PORT: String(port) },
    stdio: ["ignore", "ignore", "inherit"],
    // A group of its own, so that what npm has started ends with it.
    detached: true,
  });
  const exited = once(npm, "exit");
  try {
    while (!(await isHealthy(port))) {
      const isTooLate = performance.now() - started > startMsMax;
      if (npm.exitCode !== null || isTooLate) {
        throw new Error("npm start did not bring up a server.");
      }
      await Bun.sleep(pollMs);
    }
    return (performance.now() - started) / 1_000;
  } finally {
    if (npm.pid !== undefined && npm.exitCode === null) {
      process.kill(-npm.pid, "SIGTERM");
      await exited;
    }
  }
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${port}/healthz`)).ok;
  } catch {
    return false;
  }
}

async function freshRssBytes(): Promise<number> {
  const data = await dataFolder();
  try {
    await using server = await spawnParley({ data, isPinned: false });
    await Bun.sleep(restMs);
    return await readRssBytes(server.pid);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

const clone = await mkdtemp(join(tmpdir(), "parley-clone-"));
try {
  await copyAsClone(clone);
  const first = await timeStart(clone);
  const second = await timeStart(clone);
  console.log(
    markdownTable(columns(["what", "figure"], 1), [
      ["npm start in a fresh clone → /healthz", `${short(first)} s`],
      ["npm start again → /healthz", `${short(second)} s`],
      ["RSS of a fresh server", `${megabytes(await freshRssBytes())} MB`],
    ]),
  );
} finally {
  await rm(clone, { recursive: true, force: true });
}
