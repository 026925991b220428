import { parseArgs } from "node:util";
import { settings } from "../config.ts";

export type Asked =
  | { command: "serve"; overrides: { port?: string; data?: string } }
  | { command: "migrate-to"; address: string; overrides: { data?: string } }
  | { command: "help" }
  | { command: "version" };

/** The words on the command line make no sense. */
export class UsageError extends Error {}

export const usage = `Parley, a real-time chat.

Usage: parley [serve] [options]
       parley migrate-to ADDRESS [--data FOLDER]

Commands:
  serve            Run the server (the default)
  migrate-to       Copy the data folder to PostgreSQL; ADDRESS is
                   postgres://user:password@host:5432/database

Options:
  --port NUMBER    The TCP port to listen on (PORT, default 8000)
  --data FOLDER    The folder that holds everything (PARLEY_DATA, default ./data)
  -h, --help       Show this text
  -v, --version    Show the version

All settings are environment variables: see docs/configuration.md.
`;

/** What the command line asks for. Throws UsageError with a sentence. */
export function readArguments(words: readonly string[]): Asked {
  const { values, positionals } = parse(words);
  if (values.help) return { command: "help" };
  if (values.version) return { command: "version" };
  const [command = "serve", ...rest] = positionals;
  const { port, data } = values;
  switch (command) {
    case "help":
      return { command };
    case "serve":
      refuseMore(rest);
      return {
        command,
        overrides: { ...(port ? { port } : {}), ...(data ? { data } : {}) },
      };
    case "migrate-to": {
      const [address, ...more] = rest;
      refuseMore(more);
      if (port !== undefined) {
        throw new UsageError("--port means nothing to migrate-to.");
      }
      return {
        command,
        address: readAddress(address),
        overrides: data ? { data } : {},
      };
    }
    default:
      throw new UsageError(
        `There is no command "${withoutPassword(command)}".`,
      );
  }
}

function refuseMore([word]: readonly string[]): void {
  if (word !== undefined) {
    throw new UsageError(`"${withoutPassword(word)}" is one word too many.`);
  }
}

/** An address may have come to the wrong place. */
function withoutPassword(word: string): string {
  return word.replace(/:\/\/.*@/, "://…@");
}

/** The address is not repeated: there is a password in it. */
function readAddress(address = ""): string {
  if (address === "") {
    throw new UsageError(
      "migrate-to needs the address of a database, like postgres://user:password@host:5432/database.",
    );
  }
  try {
    return settings.databaseUrl.read(address);
  } catch (error) {
    const wanted = error instanceof Error ? error.message : String(error);
    throw new UsageError(`The word after migrate-to ${wanted}.`);
  }
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        port: { type: "string" },
        data: { type: "string" },
        help: { type: "boolean", short: "h", default: false },
        version: { type: "boolean", short: "v", default: false },
      },
    });
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    throw new UsageError(sentence.split(". To specify")[0] ?? sentence);
  }
}
