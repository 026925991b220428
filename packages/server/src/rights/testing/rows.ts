import type { Role } from "@parley/protocol";
import { hashToken } from "../../identifiers.ts";
import { inboxOf } from "../../store/stream-keys.ts";

type Value = string | number | null;

const yearMs = 365 * 86_400_000;

/** Somebody as a row, with a session when there is a token for one. */
export interface PersonToWrite {
  id: string;
  name: string;
  role: Role;
  isBound: boolean;
  email: string;
  tokens: readonly string[];
  isStale: boolean;
}

/** The statements that write these people, as they would stand after joining. */
export function peopleStatements(
  people: readonly PersonToWrite[],
  { now, secret }: { now: number; secret: string },
): string[] {
  const named = people.filter(({ role }) => role !== "guest");
  const accounts = named.filter(({ role }) => role !== "bot");
  return [
    insert(
      "people (id, name, role, username, email, email_key, bound, suspended_at, preferences, origin, created_at)",
      people.map((person) => [
        ...[person.id, person.name, person.role],
        named.includes(person) ? usernameOf(person) : null,
        person.email,
        accounts.includes(person) ? person.email : null,
        ...[person.isBound ? 1 : 0, null, "{}", "page", now],
      ]),
    ),
    insert(
      "streams (id, head, last_at)",
      people.map(({ id }) => [inboxOf(id), 0, 0]),
    ),
    insert(
      "credentials (id, person, kind, subject, secret, data, created_at, changed_at)",
      accounts.map(({ id }) => [
        ...[`c_${id}`, id, "password", id, secret, "{}", now, now],
      ]),
    ),
    insert(
      "sessions (token_hash, person, created_at, used_at, expires_at, agent, confirmed_at)",
      people.flatMap(({ id, role, tokens, isStale }) =>
        tokens.map((token) => [
          ...[hashToken(token), id, now, now, now + yearMs, ""],
          isStale || role === "guest" || role === "bot" ? 0 : now,
        ]),
      ),
    ),
  ];
}

/** How somebody with an account signs in. */
export function usernameOf({ id }: { id: string }): string {
  return id.slice(2).toLowerCase();
}

export interface InvitationToWrite {
  id: string;
  token: string;
  by: string;
  role: Role;
}

export function invitationStatement(
  invitations: readonly InvitationToWrite[],
  now: number,
): string {
  return insert(
    "invitations (id, token_hash, made_by, role, bound, rooms, note, uses_left, used, created_at, expires_at, revoked_at)",
    invitations.map(({ id, token, by, role }) => [
      ...[id, hashToken(token), by, role, 0, "[]", ""],
      ...[null, 0, now, null, null],
    ]),
  );
}

/** Links with which people choose a password. */
export function linkStatement(
  links: readonly { token: string; person: string }[],
  now: number,
): string {
  return insert(
    "links (token_hash, purpose, person, created_at, expires_at)",
    links.map(({ token, person }) => [
      ...[hashToken(token), "reset", person, now, now + yearMs],
    ]),
  );
}

function insert(into: string, rows: readonly (readonly Value[])[]): string {
  const values = rows.map((row) => `(${row.map(literal).join(", ")})`);
  return `insert into ${into} values ${values.join(", ")}`;
}

function literal(value: Value): string {
  if (value === null) return "null";
  if (typeof value === "number") return String(value);
  return `'${value.replaceAll("'", "''")}'`;
}
