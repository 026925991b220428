import { findAuthors, objectionTo } from "../authors.ts";
import type { Connection } from "../connection.ts";
import type { Speaker } from "../store.ts";

/** Those of these who might say something in the room at this moment. */
export async function speakers(
  connection: Connection,
  asked: readonly Speaker[],
): Promise<Speaker[]> {
  const rows = asked.map(({ stream, person }) => [stream, person]);
  const found = await findAuthors(connection, rows);
  return found.filter((author) => objectionTo(author) === undefined);
}
