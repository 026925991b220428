import { parseArgs } from "node:util";

export type Asked =
  | { command: "serve"; overrides: { port?: string; data?: string } }
  | { command: "help" }
  | { command: "version" };

/** The words on the command line make no sense. */
export class UsageError extends Error {}

export const usage = `Parley, a real-time chat.

Usage: parley [serve] [options]

Commands:
  serve            Run the server (the default)

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
  if (command === "help") return { command: "help" };
  if (command !== "serve") {
    throw new UsageError(`There is no command "${command}".`);
  }
  if (rest.length > 0)
    throw new UsageError(`"${rest[0] ?? ""}" is one word too many.`);
  const { port, data } = values;
  return {
    command: "serve",
    overrides: { ...(port ? { port } : {}), ...(data ? { data } : {}) },
  };
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
