import { ParleyError } from "@parley/protocol";
import { noteAct } from "./acts.ts";
import { demandInPlace, findActor } from "./actors.ts";
import { findRoom } from "./rooms.ts";
import type { WriteTransaction } from "./transaction.ts";

/** Whether newcomers are put into a room: one that they could join anyhow. */
export async function changeDefault(
  transaction: WriteTransaction,
  { by, stream, isDefault }: { by: string; stream: string; isDefault: boolean },
): Promise<null> {
  const { db } = transaction;
  const actor = await findActor(transaction, by);
  demandInPlace(actor, "place.change");
  const room = await findRoom(transaction, stream);
  if (room.kind === "direct") throw new ParleyError("not_found");
  // Everybody is in the lobby as it is; and who is new has no business in a
  // room that its members chose to close.
  if (room.kind !== "public" && isDefault) {
    throw new ParleyError("invalid_value");
  }
  if (room.archived_at !== null && isDefault) {
    throw new ParleyError("archived");
  }
  const changed = await db
    .updateTable("rooms")
    .set({ is_default: isDefault ? 1 : 0 })
    .where("stream", "=", stream)
    .where("is_default", "=", isDefault ? 0 : 1)
    .returning("stream")
    .executeTakeFirst();
  if (changed === undefined) return null;
  await noteAct(transaction, actor.person, {
    act: "room.default",
    room: stream,
    detail: { isDefault },
  });
  return null;
}
