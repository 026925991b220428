import { expect, test } from "bun:test";
import { errors, isErrorCode, ParleyError, type ErrorCode } from "./errors.ts";

const codes = Object.keys(errors) as ErrorCode[];

test("every error says in a whole sentence what to do", () => {
  for (const code of codes) {
    expect(errors[code].message).toMatch(/^\w.{15,}\.$/);
    expect(code).toMatch(/^[a-z_]+$/);
  }
});

test("[D-4] what may be tried again is what the server could not do, never what the client got wrong", () => {
  for (const code of codes) {
    const { retryable, status } = errors[code];
    expect(retryable).toBe(status === 429 || status >= 500);
  }
});

test("a refusal carries its code's own sentence, so it never holds input", () => {
  for (const code of codes) {
    const error = new ParleyError(code);
    expect(error.message).toBe(errors[code].message);
    expect(error.retryable).toBe(errors[code].retryable);
  }
});

test("only the listed codes are codes, nothing inherited", () => {
  for (const code of codes) expect(isErrorCode(code)).toBe(true);
  for (const text of ["", "toString", "__proto__", "constructor", "nope"]) {
    expect(isErrorCode(text)).toBe(false);
  }
});
