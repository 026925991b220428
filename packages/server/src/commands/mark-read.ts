import type { CheckedParams, CommandResult } from "@parley/protocol";
import type { CommandContext } from "./context.ts";

export function markRead(
  { store, limiter }: CommandContext,
  person: string,
  { stream, upTo }: CheckedParams<"read.mark">,
): Promise<CommandResult<"read.mark">> {
  limiter.check("readMarkRate", person);
  return store.write("markRead", { stream, person, upTo });
}
