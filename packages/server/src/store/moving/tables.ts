import type { Schema } from "../schema.ts";

/** What a column can hold, on either database. */
export type Value = string | number | null;

/** A row's values, in the order of its table's columns. */
export type Row = readonly Value[];

/** The values of a row's primary key. */
export type Key = readonly Value[];

export interface Column {
  readonly name: string;
  readonly type: "text" | "integer";
}

export interface Table {
  readonly name: TableName;
  readonly columns: readonly Column[];
  /** Where the columns of the primary key are among the columns. */
  readonly key: readonly number[];
}

/** `meta` is not among them: it says what the rest is, and goes last. */
export type TableName = Exclude<keyof Schema, "meta">;

type Columns<Of> = {
  [Name in keyof Of]-?: NonNullable<Of[Name]> extends string
    ? "text"
    : "integer";
};

/**
 * Everything that moves, in the order of the references between the tables: a
 * row that another points to is there before it.
 */
export const tables: readonly Table[] = [
  table("people", ["id"], {
    id: "text",
    name: "text",
    role: "text",
    email: "text",
    origin: "text",
    created_at: "integer",
    username: "text",
    email_key: "text",
    bound: "integer",
    suspended_at: "integer",
    preferences: "text",
  }),
  table("sessions", ["token_hash"], {
    token_hash: "text",
    person: "text",
    created_at: "integer",
    used_at: "integer",
    expires_at: "integer",
    agent: "text",
    confirmed_at: "integer",
  }),
  table("streams", ["id"], {
    id: "text",
    head: "integer",
    last_at: "integer",
  }),
  table("rooms", ["stream"], {
    stream: "text",
    name: "text",
    unique_name: "text",
    kind: "text",
    topic: "text",
    topic_key: "text",
    created_by: "text",
    created_at: "integer",
    name_key: "text",
    read_only: "integer",
    is_default: "integer",
    archived_at: "integer",
    direct_key: "text",
  }),
  table("members", ["stream", "person"], {
    stream: "text",
    person: "text",
    since: "integer",
    read: "integer",
    moderator: "integer",
    favourite: "integer",
    muted: "integer",
    hidden: "integer",
  }),
  table("events", ["stream", "seq"], {
    stream: "text",
    seq: "integer",
    type: "text",
    at: "integer",
    by: "text",
    cid: "text",
    data: "text",
  }),
  table("messages", ["stream", "seq"], {
    stream: "text",
    seq: "integer",
    by: "text",
    text: "text",
    deleted: "integer",
  }),
  table("settings", ["key"], { key: "text", value: "text" }),
  table("credentials", ["id"], {
    id: "text",
    person: "text",
    kind: "text",
    subject: "text",
    secret: "text",
    data: "text",
    created_at: "integer",
    changed_at: "integer",
  }),
  table("links", ["token_hash"], {
    token_hash: "text",
    purpose: "text",
    person: "text",
    created_at: "integer",
    expires_at: "integer",
  }),
  table("invitations", ["id"], {
    id: "text",
    token_hash: "text",
    made_by: "text",
    role: "text",
    bound: "integer",
    rooms: "text",
    note: "text",
    uses_left: "integer",
    used: "integer",
    created_at: "integer",
    expires_at: "integer",
    revoked_at: "integer",
  }),
  table("claimed_names", ["person", "source"], {
    skeleton: "text",
    person: "text",
    source: "text",
  }),
  table("blocks", ["person", "blocked"], { person: "text", blocked: "text" }),
];

// The compiler demands every column of the schema here, with its type.
function table<Name extends TableName>(
  name: Name,
  key: readonly (keyof Schema[Name] & string)[],
  columns: Columns<Schema[Name]>,
): Table {
  const names = Object.keys(columns);
  return {
    name,
    columns: Object.entries<Column["type"]>(columns).map(([name, type]) => ({
      name,
      type,
    })),
    key: key.map((column) => names.indexOf(column)),
  };
}

export function keyColumns({ columns, key }: Table): readonly Column[] {
  return columns.filter((_, index) => key.includes(index));
}

export function keyOf({ key }: Table, row: Row): Key {
  return key.map((index) => row[index] ?? null);
}

/** A row that came as an object, as its values. */
export function rowOf(
  { columns }: Table,
  found: Readonly<Record<string, Value>>,
): Row {
  return columns.map(({ name }) => found[name] ?? null);
}

/**
 * A row as text, the same whichever database it was read from. JSON tells a
 * number from the same digits as a text, and null from "null".
 */
export function textOf(row: Row): string {
  return JSON.stringify(row);
}

/** Which row this is, for people. */
export function nameOf(table: Table, key: Key): string {
  const columns = keyColumns(table);
  return key
    .map((value, index) => `${columns[index]?.name ?? ""} ${value ?? ""}`)
    .join(", ");
}
