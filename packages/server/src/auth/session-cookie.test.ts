import { describe, expect, test } from "bun:test";
import { SessionCookie } from "./session-cookie.ts";

const plain = new SessionCookie({ isSecure: false, days: 90 });
const secure = new SessionCookie({ isSecure: true, days: 90 });

describe("the session cookie", () => {
  test("over https is bound to this host, and no script, other site or plain line gets it", () => {
    expect(secure.set("abc")).toBe(
      "__Host-sid=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=7776000",
    );
  });

  test("over http has another name, because browsers refuse __Host- there", () => {
    expect(plain.set("abc")).toBe(
      "parley_sid=abc; Path=/; HttpOnly; SameSite=Lax; Max-Age=7776000",
    );
  });

  test("is taken back with the attributes it was given with", () => {
    expect(plain.clear()).toBe(
      "parley_sid=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0",
    );
    expect(secure.clear()).toStartWith("__Host-sid=; Path=/; HttpOnly;");
  });
});

describe("[H16] a Cookie header", () => {
  const found: [string, string, string][] = [
    ["one cookie", "parley_sid=abc", "abc"],
    ["among others", "a=1; parley_sid=abc; b=2", "abc"],
    ["without spaces", "a=1;parley_sid=abc;b=2", "abc"],
    ["with = in its value", "parley_sid=a=b=", "a=b="],
    [
      "among a hundred",
      `${"x=1; ".repeat(50)}parley_sid=abc${"; y=2".repeat(50)}`,
      "abc",
    ],
  ];
  for (const [what, header, token] of found) {
    test(`${what}: the token is found`, () => {
      expect(plain.read(header)).toBe(token);
    });
  }

  const none: [string, string | null | undefined][] = [
    ["no header", null],
    ["no header at all", undefined],
    ["an empty one", ""],
    ["two cookies of our name", "parley_sid=abc; parley_sid=abc"],
    ["a name that only ends like ours", "xparley_sid=abc"],
    ["a name that only begins like ours", "parley_sidx=abc"],
    ["our name in another's value", "a=parley_sid=abc"],
    ["our name without a value", "parley_sid"],
    ["our name in other letters", "PARLEY_SID=abc"],
    ["the name of the other scheme", "__Host-sid=abc"],
  ];
  for (const [what, header] of none) {
    test(`${what}: there is no token`, () => {
      expect(plain.read(header)).toBeUndefined();
    });
  }

  test("what stands in quotes is not unquoted: it is no token of ours", () => {
    expect(plain.read('parley_sid="abc"')).toBe('"abc"');
  });
});
