import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A new, empty folder. Whoever asked for it removes it. */
export function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), "parley-test-"));
}
