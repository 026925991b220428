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

export const usage = `Parley, a real-time chat.

Usage: parley [serve] [options]
       parley doctor [URL] [--idle SECONDS] [--json]
       parley backup TO.db [--data FOLDER]
       parley restore FROM.db [--replace] [--data FOLDER]
       parley new-epoch [--data FOLDER]
       parley migrate-to ADDRESS [--data FOLDER]
       parley user list [WORD]
       parley user add USERNAME --email ADDRESS [--name NAME] [--role ROLE]
       parley user role WHO ROLE
       parley user reset-link | suspend | restore | sign-out WHO
       parley invite [--role ROLE] [--room ROOM]... [--bound] [--uses NUMBER]
                     [--hours NUMBER] [--note TEXT]
       parley room list [WORD]
       parley room archive | restore ROOM
       parley room default ROOM [--off]
       parley setup-link

Commands:
  serve            Run the server (the default)
  doctor           Check an instance from outside, through its proxy, and what
                   this machine can tell of it; says what to do
  backup           Copy the database into one file while the server runs
  restore          Put a backup in the place of an empty data folder
  new-epoch        After a restore by other means: clients start fresh
  migrate-to       Copy the data folder to PostgreSQL; ADDRESS is
                   postgres://user:password@host:5432/database
  user             List and add people, change their role, make a link to
                   choose a password, suspend, restore and sign them out;
                   WHO is a user name or an id
  invite           Make an invitation link
  room             List rooms, archive and restore them, put newcomers into one
  setup-link       Make another link to become the owner, while there is none

  These work while the server runs and while it does not.

Options:
  --port NUMBER    The TCP port to listen on (PORT, default 8000)
  --data FOLDER    The folder that holds everything (PARLEY_DATA, default ./data)
  --idle SECONDS   Of doctor: also hold a connection open for so long (30 to 3600)
  --json           Of doctor, user, invite, room, setup-link: print JSON
  --replace        Of restore: keep the old database beside the new one
  --role ROLE      owner, administrator, moderator or member; of invite also
                   guest, which it is if nothing is said
  --room ROOM      Where an invitation leads to: a name or an id; repeatable
  --bound          Whoever comes sees these rooms and nothing else
  --uses NUMBER    How often an invitation works (any number)
  --hours NUMBER   How long it works (until it is taken back)
  -h, --help       Show this text
  -v, --version    Show the version

All settings are environment variables: see docs/configuration.md, and
docs/operations.md on backups and the doctor.
`;

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
