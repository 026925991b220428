import { ParleyError, limits } from "@parley/protocol";
import type { Context } from "hono";
import type { z } from "zod";
import { codeOfObjection } from "../limits/schema-objection.ts";

/**
 * The body of a request, checked. Counted while it streams, on every route: a
 * size that only one route bounds is not bounded. Strict, unlike the socket:
 * over HTTP a misspelt key is a mistake of the caller. Throws ParleyError.
 */
export async function jsonBody<Schema extends z.ZodObject>(
  c: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  const type = c.req.header("content-type") ?? "";
  const isJson = /^application\/json(?:\s*;\s*charset="?utf-8"?)?$/i.test(type);
  const isEncoded = c.req.header("content-encoding") !== undefined;
  if (!isJson || isEncoded) throw new ParleyError("unsupported_type");

  const text = await limitedText(c.req.raw);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ParleyError("bad_json");
  }
  const parsed = schema.strict().safeParse(value);
  if (!parsed.success) {
    throw new ParleyError(codeOfObjection(parsed.error, value));
  }
  return parsed.data as z.output<Schema>;
}

/** A request without a body. */
async function* none(): AsyncGenerator<Uint8Array> {}

async function limitedText(request: Request): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const body: AsyncIterable<Uint8Array> = request.body ?? none();
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      if (bytes > limits.frameBytes) throw new ParleyError("too_large");
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof ParleyError) throw error;
    // The client went away in the middle: that is no mistake of ours.
    throw new ParleyError("bad_json", { cause: error });
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
      Buffer.concat(chunks),
    );
  } catch {
    throw new ParleyError("bad_json");
  }
}
