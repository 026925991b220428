import { expect, test } from "bun:test";
import { z } from "zod";
import { codeOfObjection } from "./schema-objection.ts";

const schema = z.strictObject({
  name: z.string().refine((text) => text !== "bad", "invalid_name"),
  count: z.int("invalid_seq").min(0, "invalid_seq").optional(),
  size: z.number().optional(),
  kind: z.enum(["one", "other"]).optional(),
});

/** The code for an input, as a client would see it. */
function codeFor(input: unknown): string {
  const { error } = schema.safeParse(input);
  if (error === undefined) return "fine";
  return codeOfObjection(error, input);
}

const cases: [string, unknown, string][] = [
  ["a field that is not there", {}, "missing_field"],
  ["undefined", { name: undefined }, "missing_field"],
  ["null", { name: null }, "invalid_type"],
  ["a number for a text", { name: 1 }, "invalid_type"],
  ["[T10] a query object for a text", { name: { $ne: null } }, "invalid_type"],
  ["[T10] a list for a text", { name: ["a"] }, "invalid_type"],
  ["a text for a number", { name: "a", count: "12" }, "invalid_type"],
  ["a fraction for a whole number", { name: "a", count: 0.5 }, "invalid_seq"],
  ["a number below the least", { name: "a", count: -1 }, "invalid_seq"],
  ["a value with a code of its own", { name: "bad" }, "invalid_name"],
  ["a word that is not in the list", { name: "a", kind: "x" }, "invalid_value"],
  ["a field that nobody knows", { name: "a", nam: "b" }, "unknown_field"],
  ["no object", [], "invalid_type"],
  ["null itself", null, "invalid_type"],
  ["a field that only a prototype has", { toString: 1 }, "missing_field"],
  ["an infinite number", { name: "a", size: Infinity }, "invalid_number"],
];
for (const [what, input, code] of cases) {
  test(`[J9] ${what} is ${code}`, () => {
    expect(codeFor(input)).toBe(code);
  });
}

test("[J9] what is named first by the schema is what a caller hears first, always one code", () => {
  expect(codeFor({ name: 1, count: "x", nam: 1 })).toBe("invalid_type");
});
