import path from "node:path";
import { defineConfig, devices } from "@playwright/test";
import type { StoryOptions } from "./story.ts";

const root = path.join(import.meta.dirname, "..");

// Playwright adds --no-sandbox and the switches that keep a distribution's
// Chromium from calling home by itself.
const { CHROMIUM } = process.env;

const desktop = { viewport: { width: 1280, height: 800 } };

export default defineConfig<StoryOptions>({
  testDir: ".",
  // Not .spec.ts or .test.ts, which `bun test` would take for its own.
  testMatch: "**/*.e2e.ts",
  outputDir: path.join(root, "test-results"),
  reporter: "line",
  forbidOnly: process.env["CI"] !== undefined,
  // A test that passes only the second time is a bug in Parley or in the test.
  retries: 0,
  fullyParallel: true,
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
    locale: "en-GB",
    launchOptions: CHROMIUM ? { executablePath: CHROMIUM } : {},
  },
  projects: [
    {
      name: "desktop",
      testIgnore: ["**/phone.e2e.ts", "**/cluster.e2e.ts"],
      use: desktop,
    },
    {
      // The same stories, and some that need it, on PostgreSQL and NATS, behind
      // a proxy that sends who comes to the node with fewer connections.
      name: "two nodes",
      // The four pages kill a server that is theirs alone, and how the page looks
      // and where the focus goes is the same whatever is behind it.
      testIgnore: [
        "phone",
        "screens",
        "access",
        "composing",
        "focus",
        "quiet-rooms",
      ].map((name) => `**/${name}.e2e.ts`),
      use: { ...desktop, nodes: 2 },
    },
    {
      name: "phone",
      testMatch: "**/phone.e2e.ts",
      use: devices["Pixel 7"],
    },
  ],
});
