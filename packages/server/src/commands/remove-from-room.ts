import type { CheckedParams, CommandResult } from "@parley/protocol";
import type { CommandContext } from "./context.ts";

export function removeFromRoom(
  { store, limiter }: CommandContext,
  by: string,
  { cid, stream, person }: CheckedParams<"room.remove">,
): Promise<CommandResult<"room.remove">> {
  limiter.check("roomChangeRate", by);
  return store.write("removeFromRoom", { stream, by, cid, person });
}
