import { expect, test } from "bun:test";
import { Cancelled, confirmed, question } from "./confirmation.ts";

const refusal = Object.assign(new Error(), { code: "sign_in_again" });

test("what needs a fresh sign-in is done once the password is confirmed", async () => {
  let isFresh = false;
  const act = (): Promise<string> =>
    isFresh ? Promise.resolve("done") : Promise.reject(refusal);
  const outcome = confirmed(act);
  while (question.value === undefined) await Promise.resolve();
  isFresh = true;
  question.value.answer(true);
  expect(await outcome).toBe("done");
  expect(question.value).toBeUndefined();
});

test("who closes the question has done nothing, and is told nothing", async () => {
  const outcome = confirmed(() => Promise.reject(refusal));
  while (question.value === undefined) await Promise.resolve();
  question.value.answer(false);
  expect(await outcome.catch((error: unknown) => error)).toBeInstanceOf(
    Cancelled,
  );
});

test("any other refusal is passed on without a question", async () => {
  const forbidden = Object.assign(new Error(), { code: "forbidden" });
  const outcome = confirmed(() => Promise.reject(forbidden));
  expect(await outcome.catch((error: unknown) => error)).toBe(forbidden);
  expect(question.value).toBeUndefined();
});
