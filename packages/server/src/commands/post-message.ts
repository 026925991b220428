import type { CheckedParams, CommandResult } from "@parley/protocol";
import type { CommandContext } from "./context.ts";

/**
 * Says something in a room. Whether the person may, whether the cid is known,
 * and the number are decided in the transaction that stores it. What is not
 * stored gives the room's token back, or people outside a room could use up
 * its rate.
 */
export async function postMessage(
  { store, limiter }: CommandContext,
  by: string,
  { stream, cid, text }: CheckedParams<"message.post">,
): Promise<CommandResult<"message.post">> {
  limiter.check("roomMessageRate", stream);
  try {
    limiter.check("messageRate", by);
    return await store.write("appendMessage", { stream, by, cid, text });
  } catch (error) {
    limiter.giveBack("roomMessageRate", stream);
    throw error;
  }
}
