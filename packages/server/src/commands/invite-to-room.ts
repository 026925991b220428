import type { CheckedParams, CommandResult } from "@parley/protocol";
import type { CommandContext } from "./context.ts";

export function inviteToRoom(
  { store, limiter }: CommandContext,
  by: string,
  { cid, stream, people }: CheckedParams<"room.invite">,
): Promise<CommandResult<"room.invite">> {
  limiter.check("roomChangeRate", by);
  return store.write("inviteToRoom", { stream, by, cid, people });
}
