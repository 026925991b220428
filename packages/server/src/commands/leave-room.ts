import type { CheckedParams, CommandResult } from "@parley/protocol";
import type { CommandContext } from "./context.ts";

export function leaveRoom(
  { store, limiter }: CommandContext,
  by: string,
  { cid, stream }: CheckedParams<"room.leave">,
): Promise<CommandResult<"room.leave">> {
  limiter.check("roomJoinRate", by);
  return store.write("leaveRoom", { stream, by, cid });
}
