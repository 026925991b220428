import { limits } from "@parley/protocol";
import { sql } from "kysely";
import type { Connection } from "../connection.ts";
import { overRows } from "../prepared.ts";
import type { Standing, StandingQuestion } from "../store.ts";

const findStandings = overRows<Standing & { number: number }>(
  ["integer", "text", "text", "integer"],
  (rows) => sql`
    with asked (number, person, stream, up_to) as (${rows})
    select asked.number, members.read, (
      select count(*) from (
        select 1 from messages
        where messages.stream = members.stream
          and messages.seq > members.read and messages.seq <= asked.up_to
          and messages."by" <> members.person and messages.deleted = 0
        limit ${sql.lit(limits.unreadCount)}
      ) as counted
    ) as unread
    from asked
    join members on members.stream = asked.stream
      and members.person = asked.person`,
);

/**
 * How far each has read and what is unread to them, counted up to 100 and true
 * at the head that the question names (U3, U-6). In the order of the questions.
 */
export async function standings(
  connection: Connection,
  asked: readonly StandingQuestion[],
): Promise<(Standing | undefined)[]> {
  const found = new Array<Standing | undefined>(asked.length).fill(undefined);
  const rows = asked.map(({ person, stream, upTo }, number) => [
    ...[number, person, stream, upTo],
  ]);
  for (const { number, read, unread } of await findStandings(
    connection,
    rows,
  )) {
    found[number] = { read, unread };
  }
  return found;
}
