import { z } from "zod";
import { at, cid, eventStream, personId, requestId, seq } from "./ids.ts";

// The words everything on the wire is written in. Each thing that may be said
// has a schema, a sentence and an example; docs/protocol.md, the types and the
// fingerprint all derive from these definitions.

type Shape = z.core.$ZodLooseShape;

/** A client asks for something; answered exactly once, with `ok` or `error`. */
export function command<
  const Name extends string,
  Params extends Shape,
  Result extends Shape,
>(
  name: Name,
  definition: {
    summary: string;
    params: Params;
    result: Result;
    example: { ask: object; answer: object };
  },
) {
  return {
    kind: "command" as const,
    name,
    summary: definition.summary,
    frame: z.object({
      type: z.literal(name),
      id: requestId,
      ...definition.params,
    }),
    params: z.object(definition.params),
    result: z.object({
      type: z.literal("ok"),
      id: requestId,
      ...definition.result,
    }),
    example: {
      ask: { type: name, id: 7, ...definition.example.ask },
      answer: { type: "ok", id: 7, ...definition.example.answer },
    },
  };
}

/** A command with answers of its own instead of one `ok`: hello, follow, history. */
export function question<const Name extends string, Params extends Shape>(
  name: Name,
  definition: { summary: string; params: Params; example: object },
) {
  return {
    kind: "question" as const,
    name,
    summary: definition.summary,
    frame: z.object({
      type: z.literal(name),
      id: requestId,
      ...definition.params,
    }),
    params: z.object(definition.params),
    example: { type: name, id: 1, ...definition.example },
  };
}

/** What the server says to the one who asked; carries the command's `id`. */
export function answer<const Name extends string, Data extends Shape>(
  name: Name,
  definition: { summary: string; data: Data; example: object },
) {
  return {
    kind: "answer" as const,
    name,
    summary: definition.summary,
    frame: z.object({
      type: z.literal(name),
      id: requestId,
      ...definition.data,
    }),
    example: { type: name, id: 1, ...definition.example },
  };
}

/** A fact in a stream: stored, numbered, replayed after a reconnect. */
export function event<const Name extends string, Data extends Shape>(
  name: Name,
  definition: { summary: string; data: Data; example: object },
) {
  return {
    kind: "event" as const,
    name,
    summary: definition.summary,
    data: z.object(definition.data),
    frame: z.object({
      type: z.literal(name),
      stream: eventStream,
      seq,
      at,
      by: personId,
      cid: cid.optional(),
      ...definition.data,
    }),
    example: {
      type: name,
      stream: "r_8fK2qZ7mQa",
      seq: 1042,
      at: 1_792_051_200_123,
      by: "u_77aQ0cXw2L",
      ...definition.example,
    },
  };
}

/** Said and forgotten: no number, never stored, may be dropped. */
export function signal<const Name extends string, Data extends Shape>(
  name: Name,
  definition: {
    summary: string;
    from: "client" | "server" | "both";
    data: Data;
    example: object;
  },
) {
  return {
    kind: "signal" as const,
    name,
    from: definition.from,
    summary: definition.summary,
    frame: z.object({ type: z.literal(name), ...definition.data }),
    example: { type: name, ...definition.example },
  };
}
