import path from "node:path";
import { readConfig, type Config } from "../config.ts";
import { createLog } from "../log.ts";
import { askServer } from "../operator/ask-server.ts";
import { inWords, type OperatorReply } from "../operator/listen.ts";
import { operate, type OperatorAnswer } from "../operator/operate.ts";
import { OperatorError } from "../operator/operator-error.ts";
import type { OperatorRequest } from "../operator/requests.ts";
import { withStore } from "../operator/with-store.ts";
import { pageUrl } from "./page-url.ts";
import { qrCode } from "./qr-code.ts";
import { sayError } from "./say-error.ts";
import { table } from "./table.ts";

/**
 * Does what an operator asks, through the server that runs or without one. Sets
 * the process's exit code.
 */
export async function runOperator(
  {
    request,
    asJson,
    overrides,
  }: {
    request: OperatorRequest;
    asJson: boolean;
    overrides: { data?: string };
  },
  createWorker: () => Worker,
): Promise<void> {
  process.umask(0o077);
  try {
    const config = readConfig(process.env, overrides);
    const reply = await ask(config, request, createWorker);
    if ("refusal" in reply) throw new OperatorError(reply.refusal);
    const { answer } = reply;
    const said = asJson
      ? JSON.stringify(answer, null, 2)
      : inPlainWords(answer);
    process.stdout.write(`${said}\n`);
  } catch (error) {
    sayError(error);
  }
}

async function ask(
  config: Config,
  request: OperatorRequest,
  createWorker: () => Worker,
): Promise<OperatorReply> {
  if (config.databaseUrl === "") {
    const folder = path.resolve(config.data);
    const reply = await askServer(folder, request);
    if (reply !== undefined) return reply;
  }
  // Errors go where errors go; a table must stay a table. What is to be warned
  // of, the server said when it started.
  const log = createLog("error", {
    write: (line) => process.stderr.write(line),
  });
  const url = pageUrl(config, config.port);
  return withStore({ config, log, createWorker }, (store) =>
    inWords(() => operate({ store, url }, request)),
  );
}

function inPlainWords(answer: OperatorAnswer): string {
  switch (answer.told) {
    case "people": {
      const { people, count } = answer;
      const rows = people.map((person) => [
        person.username ?? "",
        person.name,
        person.suspended ? `${person.role} (suspended)` : person.role,
        person.email,
        day(person.createdAt),
        day(person.lastSeenAt),
        person.id,
      ]);
      const heads = [
        "USER NAME",
        "NAME",
        "ROLE",
        "E-MAIL",
        "SINCE",
        "SEEN",
        "ID",
      ];
      const rest =
        count > people.length
          ? `\n… and ${count - people.length} more: say a part of the name.`
          : "";
      return table([heads, ...rows]) + rest;
    }
    case "person": {
      const { name, username = "", role, suspended } = answer.person;
      const standing = suspended ? `${role}, suspended` : role;
      return `${name} (${username || answer.person.id}): ${standing}.`;
    }
    case "link": {
      const { link, expiresAt, person } = answer;
      const lines = [link, qrCode(link), until(expiresAt)];
      if (person !== undefined) {
        lines.unshift(`For ${person.name} (${person.username ?? person.id}):`);
      }
      return lines.filter((line) => line !== "").join("\n");
    }
    case "ended":
      return `${answer.person.name}: ${answer.ended} sessions ended.`;
    case "rooms": {
      const rows = answer.rooms.map((room) => [
        room.name,
        room.kind,
        String(room.members),
        marks(room),
        room.stream,
      ]);
      return table([["NAME", "KIND", "PEOPLE", "", "ID"], ...rows]);
    }
    case "room": {
      const { name, kind } = answer.room;
      const said = [kind, marks(answer.room)].filter((word) => word !== "");
      return `${name}: ${said.join(", ")}.`;
    }
  }
}

function marks(room: {
  archived: boolean;
  readOnly: boolean;
  isDefault: boolean;
}): string {
  return [
    ...(room.isDefault ? ["for newcomers"] : []),
    ...(room.readOnly ? ["announcements"] : []),
    ...(room.archived ? ["archived"] : []),
  ].join(", ");
}

function until(expiresAt: number | null): string {
  if (expiresAt === null) return "It works until it is taken back.";
  const time = new Date(expiresAt).toISOString().slice(0, 16).replace("T", " ");
  return `It works until ${time} UTC.`;
}

function day(at: number | null): string {
  return at === null ? "" : new Date(at).toISOString().slice(0, 10);
}
