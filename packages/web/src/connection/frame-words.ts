import type { FrameRecord } from "@parley/client";
import { readFrame } from "@parley/protocol";

/** A frame's content in brief: what it carries, and of which stream. */
export function summaryOf(text: string): string {
  let objects: ReturnType<typeof readFrame>;
  try {
    objects = readFrame(text);
  } catch {
    // A very long frame is kept in part: it still begins with what it is.
    return /"type":"([\w.]+)"/u.exec(text)?.[1] ?? text.slice(0, 80);
  }
  const [first] = objects;
  if (first === undefined) return "[]";
  const { type, stream, seq, id } = first;
  const parts = [typeof type === "string" ? type : "?"];
  if (typeof id === "number") parts.push(`id ${id}`);
  if (typeof stream === "string") parts.push(stream);
  if (typeof seq === "number") parts.push(`#${seq}`);
  const more = objects.length - 1;
  return parts.join(" · ") + (more > 0 ? ` +${more}` : "");
}

/** The frame as it would be written by hand. */
export function prettyFrame(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** All frames as lines, to be put into a bug report. */
export function framesAsText(frames: readonly FrameRecord[]): string {
  return frames
    .map(({ at, direction, text }) => {
      const arrow = direction === "in" ? "<-" : "->";
      return `${new Date(at).toISOString()} ${arrow} ${text}`;
    })
    .join("\n");
}
