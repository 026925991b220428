// The one entry behind every `npm run …`: installs what is missing, then runs.
// Plain Node without dependencies, because before the first install there is
// nothing else; and one script instead of npm's pre and post hooks, because
// those do not run where install scripts are switched off.
import { spawn } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { buildExecutable, buildWeb, buildWebIfStale } from "./build.mjs";
import { findBun, installPackages, requireNode, tool } from "./install.mjs";
import { fail, mustRun } from "./processes.mjs";
import { prepareTestPrograms } from "./test-programs.mjs";
import { runChecks, runFixes } from "./checks.mjs";
import { runTests } from "./tests.mjs";

process.chdir(path.join(path.dirname(fileURLToPath(import.meta.url)), ".."));
requireNode(20, 19);

const serverEntry = "packages/server/src/main.ts";
const [command, ...extraArguments] = process.argv.slice(2);

switch (command) {
  case "start":
    installPackages({ dev: false });
    buildWebIfStale();
    runUntilExit(findBun(), [serverEntry, ...extraArguments]);
    break;
  case "dev":
    installPackages({ dev: true });
    startViteBeside();
    runUntilExit(findBun(), ["--watch", serverEntry, ...extraArguments]);
    break;
  case "build":
    installPackages({ dev: false });
    buildWeb();
    buildExecutable(extraArguments);
    break;
  case "check":
    installPackages({ dev: true });
    runChecks();
    break;
  case "fix":
    installPackages({ dev: true });
    runFixes();
    break;
  case "docs":
    installPackages({ dev: true });
    mustRun(findBun(), ["scripts/write-docs.ts"]);
    break;
  case "test":
    installPackages({ dev: true });
    buildWebIfStale();
    process.exitCode = runTests(prepareTestPrograms(), extraArguments);
    break;
  case "e2e":
    installPackages({ dev: true });
    buildWebIfStale();
    process.exitCode = runTests(prepareTestPrograms(), extraArguments, {
      only: "e2e",
    });
    break;
  case "bench":
    installPackages({ dev: true });
    buildWebIfStale();
    runBench();
    break;
  case "sim":
  case "chaos":
  case "mutants":
  case "power-cuts":
    installPackages({ dev: true });
    buildWebIfStale();
    runProof(command);
    break;
  default:
    fail(
      "usage: node scripts/run.mjs start|dev|build|check|fix|docs|test|e2e|bench|sim|chaos|mutants|power-cuts",
    );
}

/** What the promises are tried with; see docs/guarantees.md. */
function runProof(name) {
  const faults = name === "chaos";
  const { compiler, nats } = prepareTestPrograms({ faults });
  process.env.CC = compiler ?? "";
  process.env.NATS_SERVER = nats ?? "nats-server";
  mustRun(findBun(), [`proof/${name}.ts`, ...extraArguments]);
}

function runBench() {
  const [name, ...options] = extraArguments;
  if (name === undefined || !/^[a-z-]+$/.test(name)) {
    fail(
      "usage: npm run bench fanout|latency|idle|start|page|cluster|faults|storm|presence|sign-in|recovery|rooms [options]",
    );
  }
  mustRun(findBun(), [`bench/${name}.ts`, ...options]);
}

/** The page with instant updates, on a port of its own; it passes /api and /ws on. */
function startViteBeside() {
  const vite = spawn(
    process.execPath,
    [tool("vite/bin/vite.js"), "packages/web"],
    { stdio: "inherit" },
  );
  process.on("exit", () => vite.kill());
}

/** Hands the terminal to the program and leaves with its exit status. */
function runUntilExit(program, args) {
  const child = spawn(program, args, { stdio: "inherit" });
  // Ctrl-C reaches the whole foreground group by itself; sending it on would
  // make the server see it twice. A signal sent to us alone is passed on.
  process.on("SIGINT", () => {
    if (!process.stdin.isTTY) child.kill("SIGINT");
  });
  for (const signal of ["SIGTERM", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("error", (error) => fail(`${program}: ${error.message}`));
  child.on("exit", (code) => process.exit(code ?? 1));
}
