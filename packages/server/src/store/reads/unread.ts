import { limits } from "@parley/protocol";
import { sql, type Kysely, type Transaction } from "kysely";
import type { Schema } from "../schema.ts";

/**
 * Others' messages above a mark and up to a head, counted up to 100: at most
 * 100 index rows of others, and one's own between them (U3). A recount, never a counter that could
 * drift; and true at that head, also when another node posts meanwhile (U-6).
 */
export async function countUnread(
  db: Kysely<Schema> | Transaction<Schema>,
  {
    stream,
    person,
    above,
    upTo,
  }: { stream: string; person: string; above: number; upTo: number },
): Promise<number> {
  const { rows } = await sql<{ unread: number }>`
    select count(*) as unread from (
      select 1 from messages
      where stream = ${stream} and seq > ${above} and seq <= ${upTo}
        and by <> ${person} and deleted = 0
      limit ${sql.lit(limits.unreadCount)}
    ) as counted`.execute(db);
  return rows[0]?.unread ?? 0;
}
