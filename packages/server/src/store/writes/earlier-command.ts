import { ParleyError, type EventName } from "@parley/protocol";
import type { WriteTransaction } from "./transaction.ts";

/**
 * Whether this author has used this cid before: for the same thing (then its
 * event, so that the first answer can be given again), for another
 * (cid_conflict), or never (undefined). For ever, not for a while (D-3).
 */
export async function findEarlierCommand(
  { db }: WriteTransaction,
  command: {
    by: string;
    cid: string;
    type: EventName;
    stream?: string;
    data?: object;
  },
): Promise<{ stream: string; seq: number } | undefined> {
  const earlier = await db
    .selectFrom("events")
    .select(["stream", "seq", "type", "data"])
    .where("by", "=", command.by)
    .where("cid", "=", command.cid)
    .executeTakeFirst();
  if (earlier === undefined) return undefined;
  const isSame =
    earlier.type === command.type &&
    (command.stream === undefined || earlier.stream === command.stream) &&
    (command.data === undefined ||
      earlier.data === JSON.stringify(command.data));
  if (!isSame) throw new ParleyError("cid_conflict");
  return { stream: earlier.stream, seq: earlier.seq };
}
