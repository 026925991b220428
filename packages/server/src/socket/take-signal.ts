import type { FrameObject } from "@parley/protocol";
import type { Connection } from "./connection.ts";
import { takePresence } from "./presence-signals.ts";

/** What is said and forgotten. Of another type it is a newer client's. */
export function takeSignal(
  connection: Connection,
  type: string,
  object: FrameObject,
): void {
  if (type === "ping") connection.answer('{"type":"pong"}');
  else if (!connection.isGreeted) return;
  else if (type === "typing") takeTyping(connection, object);
  else if (type === "presence") takePresence(connection, object);
}

function takeTyping(
  { person, surroundings }: Connection,
  { stream }: FrameObject,
): void {
  const { people, typing } = surroundings;
  // Nobody is told before it is known that they want it told.
  if (people.choicesOf(person)?.showsTyping !== true) return;
  if (typeof stream !== "string" || !people.isIn(person, stream)) return;
  typing.hear(stream, person);
}
