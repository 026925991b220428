import { changeRows } from "./change-rows.ts";
import type { TestServer } from "./start-test-server.ts";

/** One statement beside the running server, which hears nothing of it. */
export function runStatement(
  server: TestServer,
  statement: string,
): Promise<void> {
  return changeRows(server, [statement]);
}
