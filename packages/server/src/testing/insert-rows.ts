import { Database } from "bun:sqlite";
import { writeSync } from "node:fs";

// Run by crash.test.ts as a process of its own: inserts rows into FILE one
// commit each, with the given PRAGMA synchronous, and says each number when
// SQLite has said that it is stored. Until it is killed.

const [file = "", synchronous = ""] = process.argv.slice(2);
const database = new Database(file);
database.run("PRAGMA journal_mode = WAL");
database.run(`PRAGMA synchronous = ${synchronous}`);
const insert = database.query("insert into numbers values (?)");
for (let number = 1; ; number += 1) {
  insert.run(number);
  writeSync(1, `${number}\n`);
}
