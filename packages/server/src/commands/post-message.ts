import type { CheckedParams, CommandResult } from "@parley/protocol";
import type { CommandContext } from "./context.ts";

/**
 * Says something in a room. Whether the person may, whether the cid is known,
 * and the number are decided in the transaction that stores it. The room's
 * rate counts what was stored, or people outside a room could use it up.
 */
export async function postMessage(
  { store, limiter }: CommandContext,
  by: string,
  { stream, cid, text }: CheckedParams<"message.post">,
): Promise<CommandResult<"message.post">> {
  limiter.checkOnly("roomMessageRate", stream);
  limiter.check("messageRate", by);
  const stored = await store.write("appendMessage", { stream, by, cid, text });
  limiter.delayMs("roomMessageRate", stream);
  return stored;
}
