import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import { expect, test } from "./story.ts";

const axe = readFileSync(
  createRequire(import.meta.url).resolve("axe-core/axe.min.js"),
  "utf8",
);

/** What axe objects to on this page, one line each. */
async function objections(page: Page): Promise<string[]> {
  // Evaluated by the debugger, so the page's own policy is not in the way.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    const { axe: checker } = window as unknown as {
      axe: {
        run: () => Promise<{
          violations: { id: string; nodes: { html: string }[] }[];
        }>;
      };
    };
    const { violations } = await checker.run();
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120) ?? ""}`,
    );
  });
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing on any screen in the ${colorScheme} theme`, async ({
    arrive,
    browser,
    parley,
  }) => {
    const context = await browser.newContext({ colorScheme });
    const door = await context.newPage();
    await door.goto(parley.url);
    await expect(door.getByRole("button", { name: "Join" })).toBeVisible();
    expect(await objections(door)).toEqual([]);
    await context.close();

    const ann = await arrive("Ann", { colorScheme });
    await ann.say("**hello** `code` https://example.org :wave:\n> quote");
    await ann.sees("hello");
    expect(await objections(ann.page)).toEqual([]);

    await ann.page.getByRole("button", { name: /^Connection/ }).click();
    await expect(
      ann.page.getByRole("complementary", { name: "Connection" }),
    ).toBeVisible();
    expect(await objections(ann.page)).toEqual([]);

    await ann.page.getByRole("button", { name: "Browse rooms" }).click();
    await expect(ann.page.getByRole("dialog")).toBeVisible();
    expect(await objections(ann.page)).toEqual([]);
  });
}

test("a browser in Chinese gets the page in Chinese", async ({ arrive }) => {
  const ming = await arrive("小明", { locale: "zh-CN" });
  await expect(ming.page.locator("html")).toHaveAttribute("lang", /^zh/);
  await ming.say("你好");
  await ming.sees("你好");
  const words = await ming.page.locator("body").innerText();
  // Names and the keyboard's keys are all that is left in Latin letters.
  expect(words.replace(/Lobby|Ctrl|⌘|\bK\b|Parley|Enter/g, "")).not.toMatch(
    /[A-Za-z]{3,}/,
  );
});
