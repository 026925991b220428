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
    kind: "text",
    email: "text",
    origin: "text",
    created_at: "integer",
  }),
  table("sessions", ["token_hash"], {
    token_hash: "text",
    person: "text",
    created_at: "integer",
    used_at: "integer",
    expires_at: "integer",
  }),
  table("streams", ["id"], {
    id: "text",
    head: "integer",
    last_at: "integer",
  }),
  table("rooms", ["stream"], {
    stream: "text",
    name: "text",
    name_key: "text",
    kind: "text",
    topic: "text",
    topic_key: "text",
    created_by: "text",
    created_at: "integer",
  }),
  table("members", ["stream", "person"], {
    stream: "text",
    person: "text",
    since: "integer",
    read: "integer",
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
  }),
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
