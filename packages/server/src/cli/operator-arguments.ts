import { errors } from "@parley/protocol";
import { codeOfObjection } from "../limits/schema-objection.ts";
import { operatorRequest, type OperatorRequest } from "../operator/requests.ts";
import { wholeNumber } from "../setting-values.ts";
import { refuseMore, UsageError } from "./usage-error.ts";

interface Values {
  email?: string | undefined;
  name?: string | undefined;
  role?: string | undefined;
  room?: string[] | undefined;
  bound?: boolean | undefined;
  uses?: string | undefined;
  hours?: string | undefined;
  note?: string | undefined;
  off?: boolean | undefined;
}

const ranks = ["owner", "administrator", "moderator", "member"];

/** What `parley user`, `invite`, `room` and `setup-link` ask for. Throws UsageError. */
export function readOperatorRequest(
  command: "user" | "invite" | "room" | "setup-link",
  words: readonly string[],
  values: Values,
): OperatorRequest {
  switch (command) {
    case "user":
      return readUser(words, values);
    case "invite":
      refuseMore(words);
      return readInvite(values);
    case "room":
      return readRoom(words, values);
    case "setup-link":
      refuseMore(words);
      return { ask: "setup-link" };
  }
}

function readUser(
  [what = "", ...words]: readonly string[],
  { email, name, role }: Values,
): OperatorRequest {
  const [word = "", second = "", ...more] = words;
  const needsRole = what === "role";
  refuseMore(needsRole ? more : words.slice(1));
  switch (what) {
    case "list":
      return { ask: "user.list", query: word };
    case "add":
      demand(word, "user add needs a user name, such as ann.");
      return checked({
        ...{ ask: "user.add", username: word, name: name ?? word },
        email: demand(
          email,
          "user add needs an address: --email ann@example.org.",
        ),
        role: readRole(role ?? "member", ranks),
      });
    case "role":
      return checked({
        ask: "user.role",
        who: demandWho(what, word),
        role: readRole(second, ranks),
      });
    case "reset-link":
    case "sign-out":
      return { ask: `user.${what}`, who: demandWho(what, word) };
    case "suspend":
    case "restore":
      return {
        ask: "user.suspend",
        who: demandWho(what, word),
        suspended: what === "suspend",
      };
    default:
      throw new UsageError(
        "user needs a word: list, add, role, reset-link, suspend, restore or sign-out.",
      );
  }
}

function readInvite(values: Values): OperatorRequest {
  const { role = "guest", room = [], bound = false, note = "" } = values;
  if (bound && (role !== "guest" || room.length === 0)) {
    throw new UsageError("--bound is for guests, and needs a --room.");
  }
  return checked({
    ...{ ask: "invite", rooms: room, bound, note },
    role: readRole(role, [...ranks, "guest"]),
    uses: readNumber("uses", values.uses, 10_000),
    expiresInHours: readNumber("hours", values.hours, 8_784),
  });
}

function readRoom(
  [what = "", word = "", ...more]: readonly string[],
  { off = false }: Values,
): OperatorRequest {
  refuseMore(more);
  const needed = (): string =>
    demand(word, `room ${what} needs the name or id of a room.`);
  switch (what) {
    case "list":
      return { ask: "room.list", query: word };
    case "archive":
    case "restore":
      return {
        ...{ ask: "room.archive", room: needed() },
        archived: what === "archive",
      };
    case "default":
      return { ask: "room.default", room: needed(), isDefault: !off };
    default:
      throw new UsageError(
        "room needs a word: list, archive, restore or default.",
      );
  }
}

function demandWho(what: string, word: string): string {
  return demand(word, `user ${what} needs a user name or an id.`);
}

function demand(word: string | undefined, sentence: string): string {
  if (word === undefined || word === "") throw new UsageError(sentence);
  return word;
}

function readRole(role: string, allowed: readonly string[]): string {
  if (allowed.includes(role)) return role;
  throw new UsageError(`A role is one of ${allowed.join(", ")}.`);
}

function readNumber(
  option: string,
  text: string | undefined,
  max: number,
): number | null {
  if (text === undefined) return null;
  try {
    return wholeNumber(1, max)(text);
  } catch (error) {
    const wanted = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--${option} ${wanted}.`);
  }
}

/** As the server would take it: names and addresses have their rules. */
function checked(request: object): OperatorRequest {
  const parsed = operatorRequest.safeParse(request);
  if (parsed.success) return parsed.data;
  const code = codeOfObjection(parsed.error, request);
  throw new UsageError(errors[code].message);
}
