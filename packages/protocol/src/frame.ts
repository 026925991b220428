import type { ErrorCode } from "./errors.ts";
import { limits } from "./limits.ts";

export type FrameObject = Record<string, unknown>;

export type ParsedFrame =
  | { status: "fine"; objects: readonly FrameObject[] }
  | { status: "refused"; code: ErrorCode };

/**
 * Several encoded objects as one frame: one goes out bare, more as an array.
 * They are strings already, because an event is encoded once for everybody.
 */
export function joinFrame(texts: readonly string[]): string {
  return texts.length === 1 ? (texts[0] ?? "") : `[${texts.join(",")}]`;
}

/**
 * Reads a frame from a client, which may be hostile: bounds depth before
 * parsing (parsing deep JSON is cheap, walking or printing it is not), counts
 * keys and items, and refuses the keys that reach a prototype.
 */
export function parseFrame(text: string): ParsedFrame {
  if (isDeeperThan(text, limits.jsonDepth)) return refused("too_deep");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refused("bad_json");
  }
  const objects: unknown[] = Array.isArray(value) ? value : [value];
  if (objects.length === 0) return refused("bad_frame");
  if (objects.length > limits.objectsPerFrame) return refused("too_many_items");
  for (const object of objects) {
    if (!isObject(object)) return refused("bad_frame");
    const objection = objectionToShape(object);
    if (objection !== undefined) return refused(objection);
  }
  return { status: "fine", objects: objects as FrameObject[] };
}

/** Reads a frame from our own server. Throws SyntaxError when it is not JSON. */
export function readFrame(text: string): FrameObject[] {
  const value: unknown = JSON.parse(text);
  return (Array.isArray(value) ? value : [value]).filter(isObject);
}

function refused(code: ErrorCode): ParsedFrame {
  return { status: "refused", code };
}

function isObject(value: unknown): value is FrameObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const reservedKeys = new Set(["__proto__", "constructor", "prototype"]);

function objectionToShape(
  value: FrameObject | unknown[],
  key = "",
): ErrorCode | undefined {
  if (Array.isArray(value)) {
    if (value.length > limits.itemsPerArray) return "too_many_items";
  }
  // `cursors` names every stream that a client follows, and has its own limit.
  const keysMax =
    key === "cursors" ? limits.streamsPerConnection + 1 : limits.keysPerObject;
  const keys = Object.keys(value);
  if (!Array.isArray(value) && keys.length > keysMax) {
    return key === "cursors" ? undefined : "too_many_keys";
  }
  for (const name of keys) {
    if (reservedKeys.has(name)) return "bad_frame";
    const inner = (value as FrameObject)[name];
    if (typeof inner !== "object" || inner === null) continue;
    const objection = objectionToShape(inner as FrameObject, name);
    if (objection !== undefined) return objection;
  }
  return undefined;
}

/** One pass over the characters, without recursion; strings are skipped over. */
function isDeeperThan(text: string, depthMax: number): boolean {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case 0x22: {
        index = endOfString(text, index);
        break;
      }
      case 0x5b:
      case 0x7b:
        depth += 1;
        if (depth > depthMax) return true;
        break;
      case 0x5d:
      case 0x7d:
        depth -= 1;
        break;
    }
  }
  return false;
}

/** The index of the quote that ends the string begun at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(index - 1 - backslashes) === 0x5c) backslashes += 1;
  return backslashes % 2 === 1;
}
