import type { Migration } from "../../migrate.ts";
import { start } from "./0001-start.ts";

/** In order; a database's version is how many of them it has seen. Never change one that was released. */
export const migrations: readonly Migration[] = [{ name: "start", run: start }];
