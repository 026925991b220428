import { sql, type Transaction } from "kysely";
import type { Schema } from "../schema.ts";
import type { DialectWords } from "./dialect-words.ts";

/** Everything of the first version. */
export function start({
  integer,
  text,
  table,
  tableByKey,
  reference,
}: DialectWords): (db: Transaction<Schema>) => Promise<void> {
  const statements = [
    sql`create table people (
      id ${text} primary key,
      name ${text} not null,
      kind ${text} not null,
      email ${text} not null,
      origin ${text} not null,
      created_at ${integer} not null
    )${table}`,
    sql`create table sessions (
      token_hash ${text} primary key,
      person ${text} not null references people (id),
      created_at ${integer} not null,
      used_at ${integer} not null,
      expires_at ${integer} not null
    )${table}`,
    sql`create index sessions_person on sessions (person)`,
    sql`create index sessions_expires_at on sessions (expires_at)`,
    sql`create table streams (
      id ${text} primary key,
      head ${integer} not null,
      last_at ${integer} not null
    )${table}`,
    sql`create table rooms (
      stream ${text} primary key references streams (id),
      name ${text} not null,
      name_key ${text} not null unique,
      kind ${text} not null,
      topic ${text} not null,
      topic_key ${text} not null,
      created_by ${text} references people (id),
      created_at ${integer} not null
    )${table}`,
    sql`create table members (
      stream ${text} not null references rooms (stream),
      person ${text} not null references people (id),
      since ${integer} not null,
      read ${integer} not null,
      primary key (stream, person)
    )${tableByKey}`,
    sql`create index members_person on members (person)`,
    // "by" is a keyword, hence the quotes; Kysely adds them by itself.
    sql`create table events (
      stream ${text} not null ${reference(sql`references streams (id)`)},
      seq ${integer} not null,
      type ${text} not null,
      at ${integer} not null,
      "by" ${text} not null ${reference(sql`references people (id)`)},
      cid ${text},
      data ${text},
      primary key (stream, seq)
    )${tableByKey}`,
    sql`create unique index events_cid on events ("by", cid) where cid is not null`,
    sql`create table messages (
      stream ${text} not null,
      seq ${integer} not null,
      "by" ${text} not null,
      text ${text} not null,
      primary key (stream, seq)
      ${reference(sql`, foreign key (stream, seq) references events (stream, seq)`)}
    )${tableByKey}`,
  ];
  return async (db) => {
    for (const statement of statements) await statement.execute(db);
  };
}
