import { errors, type ErrorCode } from "@parley/protocol";
import { describeRoute, resolver } from "hono-openapi";
import { z } from "zod";

const errorBody = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    retryAfterMs: z.int().optional(),
  }),
});

/** A route's entry in the OpenAPI document: a sentence, its answer, its refusals. */
export function describe(
  summary: string,
  {
    answer,
    body,
    query = {},
    refusals = [],
  }: {
    answer?: z.ZodType;
    body?: z.ZodType;
    query?: Record<string, string>;
    refusals?: ErrorCode[];
  } = {},
) {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of refusals) {
    const { status } = errors[code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  return describeRoute({
    summary,
    parameters: Object.entries(query).map(([name, description]) => ({
      name,
      in: "query" as const,
      description,
      schema: { type: "string" as const },
    })),
    ...(body
      ? {
          requestBody: {
            required: true,
            content: { "application/json": { schema: resolver(body) } },
          },
        }
      : {}),
    responses: {
      200: {
        description: "Done.",
        ...(answer
          ? { content: { "application/json": { schema: resolver(answer) } } }
          : {}),
      },
      ...Object.fromEntries(
        [...byStatus].map(([status, codes]) => [
          status,
          {
            description: codes.join(", "),
            content: { "application/json": { schema: resolver(errorBody) } },
          },
        ]),
      ),
    },
  });
}
