import type { CheckedParams, CommandResult } from "@parley/protocol";
import { newRoomId } from "../identifiers.ts";
import type { CommandContext } from "./context.ts";

export function openDirect(
  { store, limiter }: CommandContext,
  by: string,
  { cid, people }: CheckedParams<"direct.open">,
): Promise<CommandResult<"direct.open">> {
  limiter.check("directRate", by);
  return store.write("openDirect", { stream: newRoomId(), by, cid, people });
}
