import { describe, expect, test } from "bun:test";
import type { ParleyError } from "@parley/protocol";
import { atOnceMax, nobodysSecret, Passwords } from "./passwords.ts";

describe("what is stored of a password", () => {
  test("is its argon2id hash with 19 MiB and two rounds, and another one each time", async () => {
    const passwords = new Passwords();
    const [one, other] = await Promise.all(
      ["", ""].map(() => passwords.hash("correct horse battery")),
    );
    expect(one).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
    expect(one).not.toBe(other);
    expect(one).not.toContain("correct");
  });

  test("[T35] costs as much to check where there is nothing to check, and says no", async () => {
    const passwords = new Passwords();
    const parts = (secret: string): string[] => secret.split("$");
    const stored = await passwords.hash("correct horse battery");
    expect(parts(nobodysSecret).slice(0, 4)).toEqual(parts(stored).slice(0, 4));
    const lengths = (secret: string): number[] =>
      parts(secret).map(({ length }) => length);
    expect(lengths(nobodysSecret)).toEqual(lengths(stored));
    expect(await passwords.verify("anything", undefined)).toBe(false);
    expect(passwords.begun).toBe(2);
  });

  const alike: [string, string, string][] = [
    [
      "composed and not",
      "pass\u00e9 compos\u00e9",
      "passe\u0301 compose\u0301",
    ],
  ];
  for (const [what, one, other] of alike) {
    test(`[U18] is of the same password, ${what}`, async () => {
      const passwords = new Passwords();
      expect(await passwords.verify(other, await passwords.hash(one))).toBe(
        true,
      );
    });
  }

  const unlike: [string, string, string][] = [
    ["another case", "Correct horse", "correct horse"],
    ["a space more", "correct horse", "correct horse "],
    ["what stands behind NUL", "correct\u0000horse", "correct\u0000house"],
    ["what stands behind 72 bytes", "x".repeat(100), "x".repeat(99)],
  ];
  for (const [what, one, other] of unlike) {
    test(`is of another with ${what}`, async () => {
      const passwords = new Passwords();
      const stored = await passwords.hash(one);
      expect(await passwords.verify(one, stored)).toBe(true);
      expect(await passwords.verify(other, stored)).toBe(false);
    });
  }
});

test("[Q11] of a hundred at once four at most are computed, fifty wait, and the rest are over_capacity", async () => {
  expect(atOnceMax).toBeWithin(1, 5);
  const passwords = new Passwords();
  let most = 0;
  const asked = Array.from({ length: 100 }, async () => {
    try {
      return await passwords.verify("guess", undefined);
    } catch (error) {
      return (error as ParleyError).code;
    } finally {
      most = Math.max(most, passwords.load.running);
    }
  });
  expect(passwords.load).toEqual({ running: atOnceMax, waiting: 50 });
  const answers = await Promise.all(asked);
  expect(most).toBe(atOnceMax);
  const checked = answers.filter((answer) => answer === false);
  expect(checked).toHaveLength(atOnceMax + 50);
  expect(new Set(answers)).toEqual(new Set([false, "over_capacity"]));
  expect(passwords.load).toEqual({ running: 0, waiting: 0 });
  // And it goes on.
  expect(await passwords.verify("guess", undefined)).toBe(false);
}, 30_000);

test("a hash that cannot be read gives its place back", async () => {
  const passwords = new Passwords();
  for (let index = 0; index < 10; index += 1) {
    expect(passwords.verify("guess", "nonsense")).rejects.toThrow();
  }
  expect(await passwords.verify("guess", undefined)).toBe(false);
  expect(passwords.load.running).toBe(0);
});
