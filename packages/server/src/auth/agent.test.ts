import { describe, expect, test } from "bun:test";
import { agentOf, shortAgent } from "./agent.ts";

describe("what a browser calls itself", () => {
  const cases: [string, string][] = [
    [
      "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0",
      "Firefox on Linux",
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36",
      "Chrome on Windows",
    ],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36 Edg/128.0.0.0",
      "Edge on Windows",
    ],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15",
      "Safari on macOS",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
      "Safari on iPhone",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/128.0 Mobile/15E148 Safari/604.1",
      "Chrome on iPhone",
    ],
    [
      "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile Safari/537.36",
      "Chrome on Android",
    ],
    ["curl/8.9.1", "curl"],
    ["something else", ""],
    ["", ""],
  ];
  for (const [agent, short] of cases) {
    test(`is shown as "${short}"`, () => {
      expect(shortAgent(agent)).toBe(short);
    });
  }

  test("[T55] is kept without what is not printable, up to 200 characters", () => {
    const headers = new Headers({
      "user-agent": ` Fire\tfox\u0080\u00e9 ${"x".repeat(9_000)}`,
    });
    const agent = agentOf(headers);
    expect(agent).toStartWith("Fire fox x");
    expect(agent).toHaveLength(200);
    expect(agentOf(new Headers())).toBe("");
  });

  test("is read in no time, whatever it is", () => {
    const begun = performance.now();
    for (let index = 0; index < 1_000; index += 1) {
      shortAgent(`Version/${"Safari/ Version/".repeat(20)}`.slice(0, 200));
    }
    expect(performance.now() - begun).toBeLessThan(1_000);
  });
});
