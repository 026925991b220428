import { ParleyError, type EventData, type EventName } from "@parley/protocol";
import type { WriteTransaction } from "./transaction.ts";

/**
 * Whether this author has used this cid before: for the same thing (then its
 * event, so that the first answer can be given again), for another
 * (cid_conflict), or never (undefined). For ever, not for a while (D-3).
 *
 * Asked before anything else: what was done once is answered as done, also to
 * who may no longer do it (D-4).
 */
export async function findEarlierCommand<Name extends EventName>(
  { db }: WriteTransaction,
  command: {
    by: string;
    cid: string;
    type: Name;
    stream?: string;
    data?: object;
    /** Where the event says less, or more, than the command did. */
    isSame?: (data: EventData<Name>) => boolean;
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
      earlier.data === JSON.stringify(command.data)) &&
    (command.isSame === undefined ||
      command.isSame(JSON.parse(earlier.data ?? "{}") as EventData<Name>));
  if (!isSame) throw new ParleyError("cid_conflict");
  return { stream: earlier.stream, seq: earlier.seq };
}
