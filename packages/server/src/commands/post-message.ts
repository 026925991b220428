import type { CheckedParams, CommandResult } from "@parley/protocol";
import type { CommandContext } from "./context.ts";

/**
 * Says something in a room. Whether the person may, whether the cid is known,
 * and the number are decided in the transaction that stores it.
 */
export function postMessage(
  { store, limiter }: CommandContext,
  by: string,
  { stream, cid, text }: CheckedParams<"message.post">,
): Promise<CommandResult<"message.post">> {
  limiter.check("messageRate", by);
  limiter.check("roomMessageRate", stream);
  return store.write("appendMessage", { stream, by, cid, text });
}
