import { ConfigError, readConfig, type Config } from "../config.ts";
import { makeSetupLink } from "../commands/make-links.ts";
import { createLog, type Logger } from "../log.ts";
import { listenToOperator } from "../operator/listen.ts";
import {
  startServer,
  type RunningServer,
  type StartOptions,
} from "../start-server.ts";
import { greeting } from "./greeting.ts";
import { pageUrl } from "./page-url.ts";

/** A stop that takes longer than this is ended by force. */
const stopMsMax = 5_000;

/** Runs the server until it is told to stop. Sets the process's exit code. */
export async function serve(
  overrides: Parameters<typeof readConfig>[1],
  parts: Pick<StartOptions, "createWorker" | "webFolder">,
): Promise<void> {
  let config: Config;
  try {
    config = readConfig(process.env, overrides);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    refuseToStart(error.message);
    return;
  }
  // What Parley writes is for its owner alone, whatever folder it was given.
  process.umask(0o077);
  const log = createLog(config.log);
  keepRunning(log);
  // Before the start, which may wait for a database: a container's first
  // process is not ended by a signal that nobody listens to.
  let running: AsyncDisposable | undefined;
  stopOnSignals(log, () => running);
  try {
    const onBroken = (error: Error): void => {
      log.fatal({ err: error }, "the database failed; Parley ends here");
      process.exit(1);
    };
    const server = await startServer({ config, log, onBroken, ...parts });
    running = server;
    running = await withOperator(server, config, log);
    process.stdout.write(
      greeting(config, {
        ...server,
        name: server.name(),
        setup: await setupToken(server, log),
        isScreen: process.stdout.isTTY,
      }),
    );
  } catch (error) {
    refuseToStart(sentenceFor(error, config));
  }
}

/** The same server, which also does what the command line asks. */
async function withOperator(
  server: RunningServer,
  config: Config,
  log: Logger,
): Promise<AsyncDisposable> {
  // A shared database is open to the command line as it is to the nodes.
  if (config.databaseUrl !== "") return server;
  const url = pageUrl(config, server.port);
  let listening: Disposable;
  try {
    const { store } = server;
    listening = await listenToOperator(server.place, { store, url, log });
  } catch (error) {
    log.warn({ err: error }, "the command line cannot reach this server");
    return server;
  }
  return {
    [Symbol.asyncDispose]: async () => {
      listening[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** What the link ends with that makes somebody the owner; none when there is one. */
async function setupToken(
  server: RunningServer,
  log: Logger,
): Promise<string | undefined> {
  try {
    return (await makeSetupLink(server))?.token;
  } catch (error) {
    // People can talk without an owner; parley setup-link makes another.
    log.warn({ err: error }, "no link to become the owner could be made");
    return undefined;
  }
}

/** One exception must never end everybody's conversation (T54): it is logged, and life goes on. */
function keepRunning(log: Logger): void {
  process.on("uncaughtException", (error) => {
    log.error({ err: error }, "an exception nobody caught");
  });
  process.on("unhandledRejection", (reason) => {
    log.error({ err: reason }, "a rejection nobody handled");
  });
}

function stopOnSignals(
  log: Logger,
  running: () => AsyncDisposable | undefined,
): void {
  const stop = (status: number): void => {
    const server = running();
    // While it starts, nothing was promised to anybody yet.
    if (server === undefined) process.exit(128 + status);
    setTimeout(() => {
      log.error("stopping took too long");
      process.exit(1);
    }, stopMsMax).unref();
    void server[Symbol.asyncDispose]().then(() => process.exit(0));
  };
  process.on("SIGTERM", () => {
    stop(15);
  });
  process.on("SIGINT", () => {
    stop(2);
  });
}

function refuseToStart(sentence: string): void {
  process.stderr.write(`parley: ${sentence}\n`);
  process.exitCode = 1;
}

function sentenceFor(error: unknown, { port, host }: Config): string {
  const code = error instanceof Error && "code" in error ? error.code : "";
  if (code === "EADDRINUSE") {
    return `Port ${port} is in use already. Stop what uses it, or choose another with PORT or --port.`;
  }
  if (code === "EACCES") {
    return `Port ${port} needs more rights than this user has. Choose one above 1023 with PORT or --port.`;
  }
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
    return `This machine has no address ${host}. Change PARLEY_HOST.`;
  }
  return error instanceof Error ? error.message : String(error);
}
