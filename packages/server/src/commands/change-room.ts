import type { CheckedParams, CommandResult } from "@parley/protocol";
import type { CommandContext } from "./context.ts";

export function changeRoom(
  { store, limiter }: CommandContext,
  by: string,
  { cid, stream, ...changes }: CheckedParams<"room.change">,
): Promise<CommandResult<"room.change">> {
  limiter.check("roomChangeRate", by);
  return store.write("changeRoom", { stream, by, cid, changes });
}
