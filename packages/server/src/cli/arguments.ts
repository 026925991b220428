import { parseArgs } from "node:util";
import { settings } from "../config.ts";
import type { OperatorRequest } from "../operator/requests.ts";
import { wholeNumber } from "../setting-values.ts";
import { readOperatorRequest } from "./operator-arguments.ts";
import { refuseMore, UsageError, withoutPassword } from "./usage-error.ts";

/** The server says something every 25 seconds: less would prove nothing. */
const idleSecondsMin = 30;

interface Place {
  data?: string;
}

export type Asked =
  | { command: "serve"; overrides: Place & { port?: string } }
  | { command: "migrate-to"; address: string; overrides: Place }
  | { command: "backup"; to: string; overrides: Place }
  | {
      command: "restore";
      from: string;
      isReplacing: boolean;
      overrides: Place;
    }
  | { command: "new-epoch"; overrides: Place }
  | {
      command: "doctor";
      /** undefined: that of the present configuration. */
      url: string | undefined;
      asJson: boolean;
      /** How long a connection is held open; 0: it is not tried. */
      idleSeconds: number;
      overrides: Place & { port?: string };
    }
  | {
      command: "operate";
      request: OperatorRequest;
      asJson: boolean;
      overrides: Place;
    }
  | { command: "help" }
  | { command: "version" };

const options = {
  port: { type: "string" },
  data: { type: "string" },
  idle: { type: "string" },
  json: { type: "boolean" },
  replace: { type: "boolean" },
  email: { type: "string" },
  name: { type: "string" },
  role: { type: "string" },
  room: { type: "string", multiple: true },
  bound: { type: "boolean" },
  uses: { type: "string" },
  hours: { type: "string" },
  note: { type: "string" },
  off: { type: "boolean" },
} as const;

type Option = keyof typeof options;

/** What each command takes; what means nothing to it is refused. */
const optionsOf: Record<string, readonly Option[]> = {
  serve: ["port", "data"],
  doctor: ["port", "data", "idle", "json"],
  backup: ["data"],
  restore: ["data", "replace"],
  "new-epoch": ["data"],
  "migrate-to": ["data"],
  user: ["data", "json"],
  "user add": ["data", "json", "email", "name", "role"],
  invite: ["data", "json", "role", "room", "bound", "uses", "hours", "note"],
  room: ["data", "json"],
  "room default": ["data", "json", "off"],
  "setup-link": ["data", "json"],
};

/** What the command line asks for. Throws UsageError with a sentence. */
export function readArguments(words: readonly string[]): Asked {
  const { values, positionals } = parse(words);
  if (values.help) return { command: "help" };
  if (values.version) return { command: "version" };
  const [command = "serve", ...rest] = positionals;
  if (command === "help") return { command };
  const whole = `${command} ${rest[0] ?? ""}`;
  refuseOptions(whole in optionsOf ? whole : command, values);
  const { port, data } = values;
  const place = data ? { data } : {};
  const [word, ...more] = rest;
  switch (command) {
    case "serve":
      refuseMore(rest);
      return { command, overrides: { ...(port ? { port } : {}), ...place } };
    case "doctor":
      refuseMore(more);
      return {
        command,
        url: word === undefined ? undefined : readUrl(word),
        asJson: values.json ?? false,
        idleSeconds: readIdle(values.idle),
        overrides: { ...(port ? { port } : {}), ...place },
      };
    case "backup":
      refuseMore(more);
      return { command, to: readFile(command, word), overrides: place };
    case "restore":
      refuseMore(more);
      return {
        command,
        from: readFile(command, word),
        isReplacing: values.replace ?? false,
        overrides: place,
      };
    case "new-epoch":
      refuseMore(rest);
      return { command, overrides: place };
    case "migrate-to":
      refuseMore(more);
      return { command, address: readAddress(word), overrides: place };
    case "user":
    case "invite":
    case "room":
    case "setup-link":
      return {
        command: "operate",
        request: readOperatorRequest(command, rest, values),
        asJson: values.json ?? false,
        overrides: place,
      };
    default:
      throw new UsageError(
        `There is no command "${withoutPassword(command)}".`,
      );
  }
}

function refuseOptions(
  command: string,
  values: Partial<Record<Option, unknown>>,
): void {
  const taken = optionsOf[command];
  if (taken === undefined) return;
  for (const option of Object.keys(options) as Option[]) {
    if (values[option] === undefined || taken.includes(option)) continue;
    throw new UsageError(`--${option} means nothing to ${command}.`);
  }
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

function readFile(command: string, word = ""): string {
  if (word !== "") return word;
  throw new UsageError(
    `${command} needs the name of a file, such as backup.db.`,
  );
}

/** Not repeated either: somebody may have put a password into it. */
function readUrl(word: string): string {
  const url = URL.parse(word);
  const isFine =
    url !== null &&
    ["http:", "https:"].includes(url.protocol) &&
    url.username + url.password + url.search + url.hash === "" &&
    url.pathname === "/";
  if (isFine) return url.origin;
  throw new UsageError(
    "The word after doctor must be an address like https://chat.example.org, without a path.",
  );
}

function readIdle(text: string | undefined): number {
  if (text === undefined) return 0;
  try {
    return wholeNumber(idleSecondsMin, 3_600)(text);
  } catch (error) {
    const wanted = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--idle ${wanted}.`);
  }
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        ...options,
        help: { type: "boolean", short: "h", default: false },
        version: { type: "boolean", short: "v", default: false },
      },
    });
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    throw new UsageError(sentence.split(". To specify")[0] ?? sentence);
  }
}
