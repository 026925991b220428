import type { CheckedParams, CommandResult } from "@parley/protocol";
import type { CommandContext } from "./context.ts";

export function deleteMessage(
  { store, limiter }: CommandContext,
  by: string,
  { cid, stream, message }: CheckedParams<"message.delete">,
): Promise<CommandResult<"message.delete">> {
  limiter.check("messageRate", by);
  return store.write("deleteMessage", { stream, by, cid, message });
}
