import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findBun, tool } from "./install.mjs";

/**
 * Runs the unit and server tests on Bun and the browser stories in Chromium,
 * and ends with one line of counts for both. Returns the exit code.
 */
export function runTests(
  { chromium, compiler, nats, nginx },
  extraArguments,
  { only } = {},
) {
  const bun = findBun();
  const env = {
    ...process.env,
    BUN_BIN: bun,
    CHROMIUM: chromium ?? "",
    CC: compiler ?? "",
    NATS_SERVER: nats ?? "nats-server",
    NGINX: nginx ?? "nginx",
    FORCE_COLOR: "0",
  };
  let passed = 0;
  let failed = 0;
  let isBroken = false;

  const runOnBun = (folders, more = {}) => {
    const { status, stderr } = spawnSync(
      bun,
      ["test", ...folders, ...extraArguments],
      {
        env: { ...env, ...more },
        stdio: ["ignore", "inherit", "pipe"],
        maxBuffer: 1 << 28,
      },
    );
    const report = stderr.toString();
    process.stderr.write(report);
    const counts = {
      pass: lastCount(report, "pass"),
      fail: lastCount(report, "fail"),
    };
    passed += counts.pass;
    failed += counts.fail;
    isBroken ||= status !== 0 || counts.pass === 0;
  };
  if (only !== "e2e") {
    // The folders are named, or `bun test` would look through all of them.
    runOnBun(["packages", "bench", "proof"]);
  }
  if (only !== "e2e" && extraArguments.length === 0) {
    console.log("\n• what a server does, once more on PostgreSQL and NATS");
    runOnBun(testsOfServers, { PARLEY_TEST_ON: "cluster" });
  }
  if (only === "e2e" || extraArguments.length === 0) {
    const file = path.join(tmpdir(), `parley-e2e-${process.pid}.json`);
    const { status } = spawnSync(
      process.execPath,
      [
        tool("@playwright/test/cli.js"),
        "test",
        "--config=e2e",
        "--reporter=line,json",
        ...extraArguments,
      ],
      {
        env: { ...env, PLAYWRIGHT_JSON_OUTPUT_NAME: file },
        stdio: ["ignore", "inherit", "inherit"],
      },
    );
    const counts = readPlaywright(file);
    passed += counts.passed;
    failed += counts.failed;
    isBroken ||= status !== 0 || counts.passed === 0;
  }
  // A run that broke off without a failing test is a failure all the same.
  if (isBroken && failed === 0) failed = 1;
  console.log(`\n${passed} passed, ${failed} failed`);
  return isBroken ? 1 : 0;
}

/** What starts servers, and so can run on PostgreSQL and NATS as well. */
const testsOfServers = [
  "packages/server/src/http",
  "packages/server/src/socket",
  "packages/server/src/crash-client.test.ts",
];

/** Bun's closing lines look like " 123 pass". */
function lastCount(report, word) {
  const found = [...report.matchAll(new RegExp(`^\\s*(\\d+) ${word}$`, "gm"))];
  return Number(found.at(-1)?.[1] ?? 0);
}

function readPlaywright(file) {
  try {
    const { stats } = JSON.parse(readFileSync(file, "utf8"));
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky };
  } catch {
    return { passed: 0, failed: 0 };
  } finally {
    rmSync(file, { force: true });
  }
}
