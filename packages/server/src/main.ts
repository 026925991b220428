#!/usr/bin/env bun
import { version } from "@parley/protocol";
import { existsSync } from "node:fs";
import path from "node:path";
import { readArguments, usage, UsageError } from "./cli/arguments.ts";
import { serve } from "./cli/serve.ts";

// The `parley` command. It stands at the top of the source, because a compiled
// program finds its Worker and the page only relative to its entry file.

const exitCodeForUsage = 2;

try {
  const asked = readArguments(process.argv.slice(2));
  switch (asked.command) {
    case "help":
      process.stdout.write(usage);
      break;
    case "version":
      process.stdout.write(`parley ${version}\n`);
      break;
    case "serve":
      await serve(asked.overrides, {
        createWorker: () =>
          new Worker(new URL("./store/sqlite/worker.ts", import.meta.url)),
        webFolder: webFolder(),
      });
      break;
    case "migrate-to": {
      // With it comes PostgreSQL's driver, which a server does not always need.
      const { migrateTo } = await import("./cli/migrate-to.ts");
      await migrateTo(asked.address, asked.overrides);
      break;
    }
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`parley: ${error.message}\n\n${usage}`);
  process.exitCode = exitCodeForUsage;
}

/** Where the built page is: inside the compiled program, else in its package. */
function webFolder(): string {
  const compiledIn = path.join(import.meta.dir, "dist");
  return existsSync(compiledIn)
    ? compiledIn
    : path.join(import.meta.dir, "../../web/dist");
}
