import { inboxOf } from "../stream-keys.ts";
import type { WriteInput, WriteName } from "./writes.ts";

type Touches = {
  [Name in WriteName]?: (input: WriteInput<Name>) => string[];
};

/**
 * The streams that each write appends to, as far as its input tells. Those that
 * clean up after a guest find theirs while they run.
 */
const touches: Touches = {
  appendMessage: ({ stream }) => [stream],
  joinRoom: ({ stream, by }) => [stream, inboxOf(by)],
  leaveRoom: ({ stream, by }) => [stream, inboxOf(by)],
  createRoom: ({ stream, by }) => [stream, inboxOf(by)],
  markRead: ({ person }) => [inboxOf(person)],
  addGuest: ({ lobby }) => [lobby],
};

/** The streams that this write appends to, the one that it is about first. */
export function touchedStreams(
  name: WriteName,
  input: unknown,
): readonly string[] {
  const touched = touches[name] as ((input: unknown) => string[]) | undefined;
  return touched?.(input) ?? [];
}
