import type { CheckedParams, CommandResult } from "@parley/protocol";
import type { CommandContext } from "./context.ts";

export function joinRoom(
  { store, limiter }: CommandContext,
  by: string,
  { cid, stream }: CheckedParams<"room.join">,
): Promise<CommandResult<"room.join">> {
  limiter.check("roomJoinRate", by);
  return store.write("joinRoom", { stream, by, cid });
}
