/** Longer ones say nothing that the beginning does not. */
const charsMax = 200;

/** What a browser calls itself, as it is kept: it may say anything. */
export function agentOf(headers: Headers): string {
  const said = headers.get("user-agent") ?? "";
  return said
    .replace(/[^\x21-\x7e]+/g, " ")
    .trim()
    .slice(0, charsMax);
}

const browsers: readonly [RegExp, string][] = [
  // Most call themselves what others are as well: the more special come first.
  [/\bEdg(?:e|A|iOS)?\//, "Edge"],
  [/\bOPR\/|\bOpera\b/, "Opera"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|Chromium)\//, "Chrome"],
  [/\bVersion\/.*\bSafari\//, "Safari"],
  [/\bcurl\//, "curl"],
  [/\bBun\//, "Bun"],
  [/\bnode\b/i, "Node"],
];

const systems: readonly [RegExp, string][] = [
  [/\biPhone\b/, "iPhone"],
  [/\biPad\b/, "iPad"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b|\bX11\b/, "Linux"],
];

/** "Firefox on Linux", as far as it can be told; empty when it cannot. */
export function shortAgent(agent: string): string {
  const browser = browsers.find(([says]) => says.test(agent))?.[1];
  const system = systems.find(([says]) => says.test(agent))?.[1];
  if (browser !== undefined && system !== undefined) {
    return `${browser} on ${system}`;
  }
  return browser ?? system ?? "";
}
