import type { CheckedParams, CommandResult } from "@parley/protocol";
import type { CommandContext } from "./context.ts";

export function arrangeRoom(
  { store, limiter }: CommandContext,
  by: string,
  params: CheckedParams<"room.arrange">,
): Promise<CommandResult<"room.arrange">> {
  limiter.check("readMarkRate", by);
  return store.write("arrangeRoom", { ...params, by });
}
