import { limits, version, type FrameObject } from "@parley/protocol";
import type { ChatModel } from "./chat-model.ts";

/** The streams to follow, each from the last number that was applied. */
export function helloFrom({ epoch, inbox, rooms }: ChatModel): FrameObject & {
  cursors: Record<string, number>;
} {
  const cursors: Record<string, number> = { inbox };
  // hello may name so many streams; without the others there is still a chat.
  const named = [...rooms.values()].slice(0, limits.streamsPerConnection - 1);
  for (const { stream, head } of named) cursors[stream] = head;
  const client = `client/${version}`;
  return { client, features: ["handshake"], epoch, cursors };
}
