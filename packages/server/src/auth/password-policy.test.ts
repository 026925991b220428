import { describe, expect, test } from "bun:test";
import type { ParleyError } from "@parley/protocol";
import { readFileSync } from "node:fs";
import path from "node:path";
import { demandGoodPassword } from "./password-policy.ts";

const ann = {
  username: "annlee",
  email: "lee.ann@example.org",
  place: "Zebra Inc",
};

async function judge(password: string, passwordLength = 15): Promise<string> {
  try {
    await demandGoodPassword(password, ann, { passwordLength });
    return "fine";
  } catch (error) {
    return (error as ParleyError).code;
  }
}

describe("a password may be", () => {
  const fine = [
    "correct horse battery",
    "密碼密码パスワード비밀번호пароль",
    "😀😃😄😁😆😅🤣😂🙂🙃😉😊😇🥰😍",
    "DROP TABLE people; --",
    "x9!".repeat(5) + "q",
    "a".repeat(64) + "b".repeat(64),
    "tab\tand\nline\u0000and NUL",
  ];
  for (const password of fine) {
    test(`anything: ${JSON.stringify(password.slice(0, 40))}`, async () => {
      expect(await judge(password)).toBe("fine");
    });
  }

  test("as short as the operator says, counted in characters and not in bytes", async () => {
    expect(await judge("qjwkmvbz", 8)).toBe("fine");
    expect(await judge("qjwkmvb", 8)).toBe("weak_password");
    expect(await judge("密碼錯誤請再試", 8)).toBe("weak_password");
    expect(await judge("密碼錯誤請再試一", 8)).toBe("fine");
    expect(await judge("e\u0301".repeat(7), 8)).toBe("weak_password");
  });
});

describe("a password is weak", () => {
  const weak: [string, string][] = [
    ["below the least length", "correct horse"],
    ["with the user name in it", "long-AnnLee-2026-x"],
    ["with the user name in full width", "long-ＡＮＮＬＥＥ-2026-x"],
    ["with the address before its @", "something lee.ann 7"],
    ["with what the place is called", "we are at ZEBRA inc now"],
    ["with what the program is called", "my parley password"],
    ["that is in the list", "1qaz2wsx3edc4rfv"],
    ["that is in the list in capitals", "PASSWORDSTANDARD"],
    ["that is a common one said twice", "passwordpassword"],
    ["that is a common one with digits around it", "123password1234567"],
    ["that is a common one with signs around it", "!!!!!sunshine!!!!!"],
    ["of one character", "a".repeat(40)],
    ["of a few characters, again and again", "abc1".repeat(5)],
  ];
  for (const [what, password] of weak) {
    test(`${what}: ${password}`, async () => {
      expect(await judge(password)).toBe("weak_password");
    });
  }

  test("only for what is telling: three letters of a name are in many words", async () => {
    const known = { username: "ann", email: "al@example.org", place: "Hub" };
    await demandGoodPassword("the annual hubbub alone", known, {
      passwordLength: 15,
    });
  });
});

describe("[Q10] a password cannot be", () => {
  const impossible: [string, string, string][] = [
    ["empty", "", "invalid_value"],
    ["of 129 characters", "x".repeat(129), "too_long"],
    ["half a character", "correct horse \ud800", "invalid_text"],
  ];
  for (const [what, password, code] of impossible) {
    test(`${what}: ${code}`, async () => {
      expect(await judge(password)).toBe(code);
    });
  }
});

test("the list has more than 10,000 common passwords of eight characters or more", () => {
  const file = path.join(import.meta.dir, "common-passwords.txt");
  const lines = readFileSync(file, "utf8").split("\n\n")[1]?.split("\n") ?? [];
  const long = new Set(lines.filter(({ length }) => length >= 8));
  expect(long.size).toBeGreaterThan(10_000);
  expect(lines).toContain("trustno1");
});
