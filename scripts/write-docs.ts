import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "prettier";
import { guaranteesPage } from "./docs/guarantees-page.ts";
import { configurationPage } from "./docs/configuration-page.ts";
import { permissionsPage } from "./docs/permissions-page.ts";
import { protocolPage } from "./docs/protocol-page.ts";

// Writes the documentation pages that are made from the source, or, with
// --check, says which of them are stale.

const pages = {
  "docs/configuration.md": configurationPage,
  "docs/guarantees.md": guaranteesPage,
  "docs/permissions.md": permissionsPage,
  "docs/protocol.md": protocolPage,
};

const isCheck = process.argv.includes("--check");
const root = path.join(import.meta.dir, "..");

for (const [name, write] of Object.entries(pages)) {
  const file = path.join(root, name);
  const text = await format(write(), { parser: "markdown" });
  const isFresh = existsSync(file) && readFileSync(file, "utf8") === text;
  if (isFresh) continue;
  if (isCheck) {
    console.error(`${name} is stale: npm run docs writes it`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    console.log(`wrote ${name}`);
  }
}
