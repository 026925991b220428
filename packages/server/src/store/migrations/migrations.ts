import type { Migration } from "../migrate.ts";
import { start } from "./0001-start.ts";
import { peopleAndRights } from "./0002-people-and-rights.ts";
import type { DialectWords } from "./dialect-words.ts";

/**
 * In order; a database's version is how many of them it has seen. Never change
 * one that was released.
 */
export function migrationsFor(words: DialectWords): readonly Migration[] {
  return [
    { name: "start", run: start(words) },
    { name: "people and rights", run: peopleAndRights(words) },
  ];
}
