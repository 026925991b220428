import { readFileSync } from "node:fs";
import { findBun, tool } from "./install.mjs";
import { fail, run } from "./processes.mjs";

const tscProjects = [
  "packages/protocol",
  "packages/protocol/tsconfig.test.json",
  "packages/client",
  "packages/client/tsconfig.test.json",
  "packages/server",
  "packages/server/tsconfig.client.json",
  "packages/web/tsconfig.test.json",
  "e2e",
  "bench",
  "proof",
  "scripts",
];

/** Everything that can be said of the code without running it. */
export function runChecks() {
  const tsc = tool("typescript/bin/tsc");
  const results = [
    step("the lockfile is whole", () => lockfileIsWhole()),
    ...tscProjects.map((project) =>
      step(`types: ${project}`, () => node(tsc, ["--noEmit", "-p", project])),
    ),
    step("types: packages/web", () =>
      node(tool("vue-tsc/bin/vue-tsc.js"), ["--noEmit", "-p", "packages/web"]),
    ),
    step("lint", () =>
      node(tool("eslint/bin/eslint.js"), [".", "--max-warnings=0"]),
    ),
    step("format", () =>
      node(tool("prettier/bin/prettier.cjs"), [
        ".",
        "--check",
        "--log-level=warn",
      ]),
    ),
    step("imports", () =>
      node(tool("dependency-cruiser/bin/dependency-cruise.mjs"), [
        "packages",
        "--output-type=err",
      ]),
    ),
    step("generated docs are fresh", () =>
      run(findBun(), ["scripts/write-docs.ts", "--check"]),
    ),
  ];
  const failed = results.filter((isFine) => !isFine).length;
  if (failed > 0) fail(`${failed} of ${results.length} checks failed`);
  console.log(`✔ all ${results.length} checks passed`);
}

export function runFixes() {
  node(tool("eslint/bin/eslint.js"), [".", "--fix"]);
  node(tool("prettier/bin/prettier.cjs"), [".", "--write", "--log-level=warn"]);
}

function step(name, check) {
  const isFine = check();
  console.log(`${isFine ? "✔" : "✖"} ${name}`);
  return isFine;
}

function node(file, args) {
  return run(process.execPath, [file, ...args]);
}

/**
 * A registry that lacks some of a package's per-platform packages makes npm
 * write a lockfile that `npm ci` then refuses.
 */
function lockfileIsWhole() {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8"));
  const names = Object.keys(packages);
  const missing = Object.values(packages)
    .flatMap(({ optionalDependencies = {} }) =>
      Object.keys(optionalDependencies),
    )
    .filter((name) => !names.some((n) => n.endsWith(`node_modules/${name}`)));
  if (missing.length > 0) console.error(`missing: ${missing.join(", ")}`);
  return missing.length === 0;
}
