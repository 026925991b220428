import { Database, type SQLQueryBindings, type Statement } from "bun:sqlite";
import { renameSync, writeFileSync } from "node:fs";

// Loaded into a server before its own code (`bun --preload`): counts what it
// asks its database, by kind, and writes the counts down five times a second.

/** What one kind of question came to. */
export interface Asked {
  statements: number;
  /** Rows that were asked about: streams, people, sessions. */
  asked: number;
}

export type QuestionCounts = Partial<Record<string, Asked>>;

const kinds: [name: string, pattern: RegExp, parametersPerRow: number][] = [
  ["events", /from asked\s+join events/, 3],
  ["events", /from "events"/, 1],
  ["standings", /as unread\s+from asked/, 4],
  ["heads", /join streams on streams\.id = asked\.id/, 1],
  ["sessions", /join sessions on/, 1],
  ["memberships", /join members on members\.person = asked\.person/, 1],
  ["people", /from "people"/, 1],
];

const counts: QuestionCounts = {};
/** Bun hands out the same statement again and again. */
const known = new WeakSet<Statement>();

function count(statement: Statement, sql: string): void {
  known.add(statement);
  const kind = kinds.find(([, pattern]) => pattern.test(sql));
  if (kind === undefined) return;
  const [name, , parametersPerRow] = kind;
  const asked = (counts[name] ??= { statements: 0, asked: 0 });
  // Each statement has an `all` of its own.
  const all = statement.all.bind(statement);
  statement.all = (...parameters) => {
    asked.statements += 1;
    asked.asked += parameters.length / parametersPerRow;
    return all(...(parameters as SQLQueryBindings[]));
  };
}

for (const name of ["query", "prepare"] as const) {
  const original = Reflect.get(Database.prototype, name) as (
    this: Database,
    sql: string,
    ...rest: unknown[]
  ) => Statement;
  const counted: typeof original = function (sql, ...rest) {
    const statement = original.call(this, sql, ...rest);
    if (!known.has(statement)) count(statement, sql);
    return statement;
  };
  Object.defineProperty(Database.prototype, name, { value: counted });
}

const file = process.env["BENCH_QUESTIONS"] ?? "";
setInterval(() => {
  writeFileSync(`${file}.new`, JSON.stringify(counts));
  renameSync(`${file}.new`, file);
}, 200).unref();
