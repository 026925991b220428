import { existsSync, statSync } from "node:fs";
import { compressFolder } from "./compress.mjs";
import { findBun, tool } from "./install.mjs";
import { listFolder, mustRun } from "./processes.mjs";

const serverEntry = "packages/server/src/main.ts";
// Every Worker is listed: the compiled program contains only what is named.
const workerEntries = ["packages/server/src/store/sqlite/worker.ts"];
const webFolder = "packages/web";
const webOutput = `${webFolder}/dist`;
// What the page is made of. `node_modules` and `dist` are not looked at.
const webInputs = [
  "packages/protocol/src",
  "packages/client/src",
  `${webFolder}/src`,
  `${webFolder}/public`,
  `${webFolder}/index.html`,
  `${webFolder}/vite.config.ts`,
  "package-lock.json",
];

export function buildWebIfStale() {
  const page = `${webOutput}/index.html`;
  const builtAt = existsSync(page) ? statSync(page).mtimeMs : 0;
  if (builtAt < Math.max(...webInputs.map(newestChange))) buildWeb();
}

export function buildWeb() {
  console.log("• building the web client");
  const vite = tool("vite/bin/vite.js");
  mustRun(process.execPath, [vite, "build", webFolder, "--logLevel", "warn"]);
  compressFolder(webOutput);
}

/** One file with everything in it: dist/parley. */
export function buildExecutable(extraArguments) {
  console.log("• building the executable dist/parley");
  mustRun(findBun(), [
    "build",
    "--compile",
    "--minify",
    "--sourcemap=linked",
    "--bytecode",
    "--format=esm", // top-level await needs it, above all with --bytecode
    "--no-compile-autoload-dotenv", // else a stray .env in the folder is read
    "--no-compile-autoload-bunfig",
    `--asset=${webOutput}`,
    "--outfile=dist/parley",
    serverEntry,
    ...workerEntries,
    ...extraArguments, // such as --target=bun-linux-arm64
  ]);
}

/** Modification time of the newest file at or under a path, 0 if absent. */
function newestChange(place) {
  if (!existsSync(place)) return 0;
  if (!statSync(place).isDirectory()) return statSync(place).mtimeMs;
  const inside = listFolder(place).map((n) => newestChange(`${place}/${n}`));
  return Math.max(0, ...inside);
}
