import { expect, test } from "bun:test";
import { createLog } from "./log.ts";

function logged(facts: object): Record<string, unknown> {
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => lines.push(line) });
  log.info(facts, "something");
  return JSON.parse(lines.join("")) as Record<string, unknown>;
}

test("[L-5] of an error the log has what it is, not what it carries: a database quotes rows", () => {
  const error = Object.assign(new Error("duplicate key"), {
    code: "23505",
    detail: "Key (text)=(our secret plan) already exists.",
    where: "our secret plan",
  });
  const failure = new Error("a write failed", { cause: error });
  const line = logged({ err: failure });
  expect(line["err"]).toMatchObject({
    message: "a write failed",
    cause: { message: "duplicate key", code: "23505" },
  });
  expect(JSON.stringify(line)).not.toContain("secret plan");
});

test("[L-5] texts, addresses and secrets that somebody passes by mistake are removed", () => {
  const line = JSON.stringify(
    logged({
      text: "plan",
      person: { email: "ann@example.org" },
      token: "abc",
    }),
  );
  for (const secret of ["plan", "ann@", "abc"]) {
    expect(line).not.toContain(secret);
  }
});
