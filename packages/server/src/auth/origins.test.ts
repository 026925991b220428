import { describe, expect, test } from "bun:test";
import { Origins } from "./origins.ts";

describe("[T1] with PARLEY_URL, exactly that origin is one's own", () => {
  const origins = new Origins({ url: "https://chat.example", origins: [] });
  const host = "chat.example";

  test("the page itself may", () => {
    expect(origins.allows("https://chat.example", host)).toBe(true);
  });

  const foreign = [
    "https://evil.example",
    "null",
    "",
    "https://chat.example.evil.com",
    "https://chat.example:444",
    "http://chat.example",
    "https://chat.example, https://chat.example",
    "https://chat.example.",
    "https://CHAT.example",
    "https://chat.example/",
    "https://сhat.example",
    "chat.example",
  ];
  for (const origin of foreign) {
    test(`[H13] ${JSON.stringify(origin)} may not, whatever Host says`, () => {
      expect(origins.allows(origin, host)).toBe(false);
      const itsHost = origin.replace(/^https?:\/\//, "");
      expect(origins.allows(origin, itsHost)).toBe(false);
    });
  }
});

describe("[T1] without PARLEY_URL, the host that the browser used is one's own", () => {
  const origins = new Origins({ url: "", origins: [] });

  test("by http or by https, because a proxy in front may end TLS", () => {
    expect(origins.allows("http://localhost:8000", "localhost:8000")).toBe(
      true,
    );
    expect(origins.allows("https://chat.example", "chat.example")).toBe(true);
  });

  test("another host or port, null, and no host at all are foreign", () => {
    expect(origins.allows("http://localhost:8001", "localhost:8000")).toBe(
      false,
    );
    expect(origins.allows("http://evil.example", "chat.example")).toBe(false);
    expect(origins.allows("null", "null")).toBe(false);
    expect(origins.allows("", "")).toBe(false);
    expect(origins.allows("http://chat.example", null)).toBe(false);
  });
});

test("[T1] origins of PARLEY_ORIGINS may besides, and only whole", () => {
  const origins = new Origins({
    url: "https://chat.example",
    origins: ["https://intranet.example:8443"],
  });
  const host = "chat.example";
  expect(origins.allows("https://intranet.example:8443", host)).toBe(true);
  expect(origins.allows("https://intranet.example", host)).toBe(false);
});
