import { describe, expect, test } from "bun:test";
import { KnownDevices } from "./known-devices.ts";

const secret = "a secret of the database";
const devices = new KnownDevices({ secret, isSecure: false });

/** What the browser sends back of a cookie that was set. */
function sent(setCookie: string): string {
  return setCookie.split(";")[0] ?? "";
}

describe("[T36] a browser in which somebody has signed in", () => {
  test("is known for them, on every node of the database", () => {
    const cookie = sent(devices.remember("u_ann", undefined));
    const name = devices.nameFor("u_ann", cookie);
    expect(name).toMatch(/^[0-9A-Za-z]{16}$/);
    const elsewhere = new KnownDevices({ secret, isSecure: false });
    expect(elsewhere.nameFor("u_ann", `a=b; ${cookie}; c=d`)).toBe(name);
  });

  test("is not known for anybody else, nor with another secret", () => {
    const cookie = sent(devices.remember("u_ann", undefined));
    expect(devices.nameFor("u_ben", cookie)).toBeUndefined();
    const others = new KnownDevices({ secret: "other", isSecure: false });
    expect(others.nameFor("u_ann", cookie)).toBeUndefined();
  });

  test("is known for the last five who did", () => {
    let cookie = "";
    for (const person of ["a", "b", "c", "d", "e", "f", "b"]) {
      cookie = sent(devices.remember(person, cookie));
    }
    const known = ["a", "b", "c", "d", "e", "f"].filter(
      (person) => devices.nameFor(person, cookie) !== undefined,
    );
    expect(known).toEqual(["b", "c", "d", "e", "f"]);
  });

  const forged = [
    "",
    "parley_device=",
    "parley_device=x",
    `parley_device=${"a".repeat(59)}`,
    `parley_device=${"é".repeat(59)}`,
    `parley_device=${"a.".repeat(5_000)}`,
    "__Host-device=x",
  ];
  for (const cookie of forged) {
    test(`is none with ${JSON.stringify(cookie.slice(0, 40))}`, () => {
      expect(devices.nameFor("u_ann", cookie)).toBeUndefined();
      expect(devices.remember("u_ann", cookie)).toStartWith("parley_device=");
    });
  }

  test("is none with two cookies of the name: somebody is playing", () => {
    const cookie = sent(devices.remember("u_ann", undefined));
    expect(devices.nameFor("u_ann", `${cookie}; ${cookie}`)).toBeUndefined();
  });
});

test("no script reads its cookie, and over https no other host sets it", () => {
  const secure = new KnownDevices({ secret, isSecure: true });
  expect(secure.remember("u_ann", undefined)).toMatch(
    /^__Host-device=[\w-]{59}; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=34560000$/,
  );
});
