#!/usr/bin/env bun
import { version } from "@parley/protocol";
import { existsSync } from "node:fs";
import path from "node:path";
import { readArguments } from "./cli/arguments.ts";
import { serve } from "./cli/serve.ts";
import { UsageError } from "./cli/usage-error.ts";
import { usage, usageOf } from "./cli/usage.ts";

// The `parley` command. It stands at the top of the source, because a compiled
// program finds its Worker and the page only relative to its entry file.

const exitCodeForUsage = 2;

const words = process.argv.slice(2);
try {
  const asked = readArguments(words);
  switch (asked.command) {
    case "help":
      process.stdout.write(usage);
      break;
    case "version":
      process.stdout.write(`parley ${version}\n`);
      break;
    case "serve":
      await serve(asked.overrides, {
        createWorker,
        webFolder: webFolder(),
      });
      break;
    // With these come what a server does not always need: PostgreSQL's driver
    // and all that looks at things from outside.
    case "doctor": {
      const { doctor } = await import("./cli/doctor.ts");
      await doctor(asked);
      break;
    }
    case "backup": {
      const { backup } = await import("./cli/backup.ts");
      backup(asked.to, asked.overrides);
      break;
    }
    case "restore": {
      const { restoreBackup } = await import("./cli/restore.ts");
      restoreBackup(asked);
      break;
    }
    case "new-epoch": {
      const { newEpoch } = await import("./cli/new-epoch.ts");
      await newEpoch(asked.overrides);
      break;
    }
    case "operate": {
      const { runOperator } = await import("./cli/operate.ts");
      await runOperator(asked, createWorker);
      break;
    }
    case "migrate-to": {
      const { migrateTo } = await import("./cli/migrate-to.ts");
      await migrateTo(asked.address, asked.overrides);
      break;
    }
  }
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`parley: ${error.message}\n\n${usageOf(words)}`);
  process.exitCode = exitCodeForUsage;
}

function createWorker(): Worker {
  return new Worker(new URL("./store/sqlite/worker.ts", import.meta.url));
}

/** Where the built page is: inside the compiled program, else in its package. */
function webFolder(): string {
  const compiledIn = path.join(import.meta.dir, "dist");
  return existsSync(compiledIn)
    ? compiledIn
    : path.join(import.meta.dir, "../../web/dist");
}
