import path from "node:path";
import { defineConfig, devices } from "@playwright/test";

const root = path.join(import.meta.dirname, "..");

// Playwright adds --no-sandbox and the switches that keep a distribution's
// Chromium from calling home by itself.
const { CHROMIUM } = process.env;

export default defineConfig({
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
      testIgnore: "**/phone.e2e.ts",
      use: { viewport: { width: 1280, height: 800 } },
    },
    {
      name: "phone",
      testMatch: "**/phone.e2e.ts",
      use: devices["Pixel 7"],
    },
  ],
});
