import type { CheckedParams, CommandResult } from "@parley/protocol";
import type { CommandContext } from "./context.ts";

export function changeMember(
  { store, limiter }: CommandContext,
  by: string,
  { cid, stream, person, moderator }: CheckedParams<"member.change">,
): Promise<CommandResult<"member.change">> {
  limiter.check("roomChangeRate", by);
  return store.write("changeMember", { stream, by, cid, person, moderator });
}
