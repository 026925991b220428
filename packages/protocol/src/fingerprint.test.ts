import { createHash } from "node:crypto";
import { expect, test } from "bun:test";
import { z } from "zod";
import * as catalog from "./catalog.ts";
import { revisions } from "./version.ts";

// What a client writes is described as it is sent (a name before it is
// normalised), what the server writes as it arrives.
function sentUp(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
}

function sentDown(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: "output", unrepresentable: "any" });
}

function wire(): unknown {
  const { questions, commands, answers, events, signals } = catalog;
  return {
    questions: questions.map(({ frame }) => sentUp(frame)),
    commands: commands.map(({ frame, result }) => ({
      ask: sentUp(frame),
      answer: sentDown(result),
    })),
    answers: answers.map(({ frame }) => sentDown(frame)),
    events: events.map(({ frame }) => sentDown(frame)),
    signals: signals.map(({ from, frame }) => ({
      from,
      frame: sentDown(frame),
    })),
    simple: sentUp(catalog.simpleMessage),
  };
}

/** Sorted keys, and without what changes nothing on the wire: the words about it. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(
      ([key, inner]) =>
        typeof inner !== "string" ||
        (key !== "description" && key !== "$schema"),
    )
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, canonical(inner)]),
  );
}

test("the wire does not change without a new line in version.ts", () => {
  const text = JSON.stringify(canonical(wire()));
  const fingerprint = createHash("sha256")
    .update(text)
    .digest("hex")
    .slice(0, 16);
  const last = revisions.at(-1);
  if (last?.fingerprint !== fingerprint) {
    throw new Error(
      [
        `The catalog no longer looks like revision ${last?.revision ?? 0} of version.ts.`,
        "If the change is meant, add this line to `revisions` there, and say which side goes first:",
        `  { revision: ${(last?.revision ?? 0) + 1}, fingerprint: "${fingerprint}", change: "…", deployFirst: "either" },`,
        "What old clients and servers do not survive (a key gone, a type changed) needs a new subprotocol name instead.",
      ].join("\n"),
    );
  }
});

test("revisions are numbered 1, 2, 3 … and each has a fingerprint of its own", () => {
  expect(revisions.map(({ revision }) => revision)).toEqual(
    revisions.map((_, index) => index + 1),
  );
  const fingerprints = revisions.map(({ fingerprint }) => fingerprint);
  expect(new Set(fingerprints).size).toBe(fingerprints.length);
  for (const one of fingerprints) expect(one).toMatch(/^[0-9a-f]{16}$/);
});
