import type { CheckedParams, CommandResult } from "@parley/protocol";
import { newRoomId } from "../identifiers.ts";
import type { CommandContext } from "./context.ts";

export function createRoom(
  { store, limiter }: CommandContext,
  by: string,
  { cid, name, topic = "", kind }: CheckedParams<"room.create">,
): Promise<CommandResult<"room.create">> {
  limiter.check("roomCreateRate", by);
  const stream = newRoomId();
  return store.write("createRoom", { stream, by, cid, name, topic, kind });
}
