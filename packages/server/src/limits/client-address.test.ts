import { describe, expect, test } from "bun:test";
import { clientAddress } from "./client-address.ts";
import { networks } from "./networks.ts";

const proxies = networks("127.0.0.1, 10.0.0.0/8, fd00::/8,::1");

const from = (peer: string, forwardedFor: string | null): string =>
  clientAddress({ peer, forwardedFor, proxies });

describe("[T50] X-Forwarded-For from one of our proxies", () => {
  const cases: [string, string, string][] = [
    ["one address is who asked", "203.0.113.7", "203.0.113.7"],
    [
      "the right-most that is none of ours counts",
      "1.2.3.4, 203.0.113.7",
      "203.0.113.7",
    ],
    [
      "our proxies in between are passed over",
      "1.2.3.4, 203.0.113.7, 10.9.8.7,127.0.0.1",
      "203.0.113.7",
    ],
    ["IPv6", "2001:db8::7", "2001:db8::7"],
    ["IPv6 in capitals", "2001:DB8::7", "2001:db8::7"],
    ["a port behind IPv4", "203.0.113.7:50123", "203.0.113.7"],
    ["brackets and a port around IPv6", "[2001:db8::7]:443", "2001:db8::7"],
    ["brackets alone", "[2001:db8::7]", "2001:db8::7"],
    ["IPv4 in IPv6 clothes", "::ffff:203.0.113.7", "203.0.113.7"],
    [
      "a proxy of ours in IPv6 clothes",
      "203.0.113.7, ::ffff:10.0.0.3",
      "203.0.113.7",
    ],
    ["all are ours: the farthest of them", "10.0.0.3, 10.0.0.2", "10.0.0.3"],
  ];
  for (const [what, header, address] of cases) {
    test(`${what}: "${header}" is ${address}`, () => {
      expect(from("10.0.0.1", header)).toBe(address);
    });
  }

  const nonsense = [
    "",
    ",",
    "unknown",
    "_hidden",
    "for=203.0.113.7",
    "203.0.113.7 203.0.113.8",
    "203.0.113",
    "203.0.113.999",
    "203.0.113.7:port",
    "[2001:db8::7",
    "http://203.0.113.7",
    "203.0.113.7, , 10.0.0.2",
    "203.0.113.7,\u0000",
    "9".repeat(10_000),
  ];
  for (const header of nonsense) {
    test(`nonsense is not believed, the peer counts: ${JSON.stringify(header.slice(0, 40))}`, () => {
      expect(from("10.0.0.1", header)).toBe("10.0.0.1");
    });
  }

  test("what stands left of who asked is not even read", () => {
    expect(from("10.0.0.1", "nonsense, 203.0.113.7")).toBe("203.0.113.7");
  });

  test("[Q22] a chain of ten thousand costs no more than its last twenty", () => {
    const chain = Array.from({ length: 10_000 }, () => "10.1.1.1");
    expect(from("10.0.0.1", ["1.2.3.4", ...chain].join(","))).toBe("10.1.1.1");
  });

  test("a proxy that connects by IPv6 is known by its range", () => {
    expect(from("fd12::1", "203.0.113.7")).toBe("203.0.113.7");
    expect(from("::ffff:127.0.0.1", "203.0.113.7")).toBe("203.0.113.7");
  });
});

describe("[T50] X-Forwarded-For from anybody else", () => {
  test("is ignored: the peer counts", () => {
    expect(from("198.51.100.1", "1.2.3.4")).toBe("198.51.100.1");
    expect(from("fe80::1", "1.2.3.4")).toBe("fe80::1");
  });

  test("is ignored by who trusts nobody, as is usual", () => {
    const address = clientAddress({
      ...{ peer: "127.0.0.1", forwardedFor: "1.2.3.4" },
      proxies: networks(""),
    });
    expect(address).toBe("127.0.0.1");
  });
});

describe("what is trusted", () => {
  const wrong = [
    "proxy",
    "10.0.0.0/33",
    "fd00::/129",
    "10.0.0/8",
    "10.0.0.1,,",
    "*",
    "10.0.0.0/",
    "::/8/8",
  ];
  for (const text of wrong) {
    test(`cannot be "${text}"`, () => {
      expect(() => networks(text)).toThrow("must be addresses or ranges");
    });
  }

  test("may be everybody, for who knows that nobody else comes through", () => {
    const all = networks("0.0.0.0/0,::/0");
    expect(all.includes("8.8.8.8")).toBe(true);
    expect(all.includes("2001:db8::1")).toBe(true);
  });
});
