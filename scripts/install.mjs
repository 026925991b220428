import { createHash } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fail, isWindows, listFolder, output, run } from "./processes.mjs";

const nodeModules = "node_modules";
const installMarker = path.join(nodeModules, ".parley-install.json");

export function requireNode(major, minor) {
  const [haveMajor, haveMinor] = process.versions.node.split(".").map(Number);
  if (haveMajor > major || (haveMajor === major && haveMinor >= minor)) return;
  fail(`Node ${major}.${minor} or newer is needed; this is ${process.version}`);
}

/** The file of a tool that runs on Node. */
export function tool(file) {
  return path.join(nodeModules, file);
}

/** Installs from the lockfile, unless this exact lockfile is installed already. */
export function installPackages({ dev }) {
  const lockfile = readFileSync("package-lock.json");
  const lockHash = createHash("sha256").update(lockfile).digest("hex");
  const installed = readMarker();
  const isSameLock = installed.lockHash === lockHash;
  if (isSameLock && (installed.dev || !dev)) return;

  console.log(`• installing ${dev ? "all" : "production"} packages`);
  // `--include=dev` also defeats NODE_ENV=production, which would omit them.
  const scope = dev ? "--include=dev" : "--omit=dev";
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  // `npm ci` begins by deleting node_modules. When only the dev packages are
  // missing, add them in place: a server may be running from this folder.
  const isInstalled = isSameLock
    ? npm(["install", "--no-save", scope, ...quiet])
    : npm(["ci", scope, ...quiet]) ||
      // A registry without some optional platform packages makes `npm ci` call
      // the lockfile incomplete; `npm install` accepts it and leaves it alone.
      npm(["install", "--no-save", scope, ...quiet]);
  if (!isInstalled) fail("npm could not install the packages (see above)");
  writeFileSync(installMarker, JSON.stringify({ lockHash, dev }));
}

function readMarker() {
  if (!existsSync(installMarker)) return {};
  try {
    return JSON.parse(readFileSync(installMarker, "utf8"));
  } catch {
    return {};
  }
}

/** Runs the npm that started us, else the one on the PATH. */
function npm(args) {
  const npmCli = process.env.npm_execpath ?? "";
  if (path.basename(npmCli) === "npm-cli.js") {
    return run(process.execPath, [npmCli, ...args]);
  }
  return isWindows ? run("npm.cmd", args, { shell: true }) : run("npm", args);
}

/**
 * The pinned Bun. Its install script moves the program to bun/bin/bun.exe (on
 * every system); with install scripts off, that file is a tiny placeholder and
 * the program still lies, executable, in its @oven/ platform package.
 */
export function findBun() {
  const manifest = path.join(nodeModules, "bun/package.json");
  const pinned = JSON.parse(readFileSync(manifest, "utf8")).version;
  const candidates = [path.join(nodeModules, "bun/bin/bun.exe")];
  for (const platform of listFolder(path.join(nodeModules, "@oven"))) {
    const name = isWindows ? "bun.exe" : "bun";
    candidates.push(path.join(nodeModules, "@oven", platform, "bin", name));
  }
  for (const file of candidates) {
    const isPlaceholder = !existsSync(file) || statSync(file).size < 1_000_000;
    if (!isPlaceholder && output(file, ["--version"]) === pinned) {
      return path.resolve(file);
    }
  }
  fail(
    `Bun ${pinned} is not in node_modules; delete that folder and try again`,
  );
}
