/**
 * On the wire a person's own stream is called "inbox"; among all streams of
 * the server it needs the person in its name.
 */
export function inboxOf(person: string): string {
  return `inbox:${person}`;
}

/** What the stream is called on the wire. */
export function wireName(stream: string): string {
  return stream.startsWith("inbox:") ? "inbox" : stream;
}

/** The server's name of a stream that this person calls so. */
export function streamKey(person: string, name: string): string {
  return name === "inbox" ? inboxOf(person) : name;
}

/** Whose inbox this is, or undefined for a room. */
export function inboxOwner(stream: string): string | undefined {
  return stream.startsWith("inbox:") ? stream.slice(6) : undefined;
}

/** The log of what administrators do; every node follows it, no client can. */
export const placeStream = "place";
