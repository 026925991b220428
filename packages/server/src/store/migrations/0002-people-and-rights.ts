import { sql, type Transaction } from "kysely";
import type { Schema } from "../schema.ts";
import type { DialectWords } from "./dialect-words.ts";

/** Accounts, ranks, invitations, private and direct rooms, and what a place decides. */
export function peopleAndRights({
  integer,
  text,
  table,
  tableByKey,
}: DialectWords): (db: Transaction<Schema>) => Promise<void> {
  const statements = [
    // What they were is what they are: guest, member and bot are roles.
    sql`alter table people rename column kind to role`,
    sql`alter table people add column username ${text}`,
    sql`create unique index people_username on people (username)`,
    sql`alter table people add column email_key ${text}`,
    sql`create index people_email_key on people (email_key)`,
    sql`alter table people add column bound ${integer} not null default 0`,
    sql`alter table people add column suspended_at ${integer}`,
    sql`alter table people add column preferences ${text} not null default '{}'`,
    sql`alter table sessions add column agent ${text} not null default ''`,
    sql`alter table sessions add column confirmed_at ${integer} not null default 0`,

    // Only public rooms have to have names of their own: that a private one
    // is called so must not be found out by asking. The unique column is kept,
    // and is filled with the stream where the name does not have to be unique.
    sql`alter table rooms rename column name_key to unique_name`,
    sql`alter table rooms add column name_key ${text} not null default ''`,
    sql`update rooms set name_key = unique_name`,
    sql`alter table rooms add column read_only ${integer} not null default 0`,
    sql`alter table rooms add column is_default ${integer} not null default 0`,
    sql`alter table rooms add column archived_at ${integer}`,
    sql`alter table rooms add column direct_key ${text}`,
    sql`create unique index rooms_direct_key on rooms (direct_key)`,
    sql`alter table members add column moderator ${integer} not null default 0`,
    sql`alter table members add column favourite ${integer} not null default 0`,
    sql`alter table members add column muted ${integer} not null default 0`,
    sql`alter table members add column hidden ${integer} not null default 0`,
    sql`alter table messages add column deleted ${integer} not null default 0`,
    // Who made a room moderates it.
    sql`update members set moderator = 1 where exists (
      select 1 from rooms where rooms.stream = members.stream
        and rooms.created_by = members.person)`,

    sql`create table settings (key ${text} primary key, value ${text} not null)${table}`,
    sql`create table credentials (
      id ${text} primary key,
      person ${text} not null references people (id),
      kind ${text} not null,
      subject ${text} not null,
      secret ${text} not null,
      data ${text} not null,
      created_at ${integer} not null,
      changed_at ${integer} not null
    )${table}`,
    sql`create unique index credentials_subject on credentials (kind, subject)`,
    sql`create index credentials_person on credentials (person)`,
    sql`create table links (
      token_hash ${text} primary key,
      purpose ${text} not null,
      person ${text} references people (id),
      created_at ${integer} not null,
      expires_at ${integer} not null
    )${table}`,
    sql`create table invitations (
      id ${text} primary key,
      token_hash ${text} not null unique,
      made_by ${text} not null references people (id),
      role ${text} not null,
      bound ${integer} not null,
      rooms ${text} not null,
      note ${text} not null,
      uses_left ${integer},
      used ${integer} not null,
      created_at ${integer} not null,
      expires_at ${integer},
      revoked_at ${integer}
    )${table}`,
    sql`create table claimed_names (
      skeleton ${text} not null,
      person ${text} not null references people (id),
      source ${text} not null,
      primary key (person, source)
    )${tableByKey}`,
    sql`create index claimed_names_skeleton on claimed_names (skeleton)`,
    sql`create table blocks (
      person ${text} not null references people (id),
      blocked ${text} not null references people (id),
      primary key (person, blocked)
    )${tableByKey}`,
  ];
  return async (db) => {
    for (const statement of statements) await statement.execute(db);
  };
}
