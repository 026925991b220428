import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type { PersonAtPage } from "./person-at-page.ts";
import type { Place } from "./place.ts";
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

/** Pages that a link opens, before one has come in. */
async function linked(owner: PersonAtPage, parley: Place): Promise<string[]> {
  const { body } = await owner.asks("POST", "invitations", {
    ...{ role: "member", bound: false, rooms: [] },
    ...{ uses: null, expiresInHours: 24, note: "" },
  });
  const { token } = body as { token: string };
  return ["/invite#nothing", `/invite#${token}`, "/reset#nothing"].map(
    (path) => `${parley.url}${path}`,
  );
}

const adminSections = [
  "people",
  "invitations",
  "rooms",
  "settings",
  "outbound",
  "log",
];

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing on any screen of people, rooms and rights in the ${colorScheme} theme`, async ({
    sitDown,
    own,
    arrive,
    parley,
  }) => {
    test.slow();
    const setup = await sitDown("Ann", { colorScheme });
    await setup.goTo(await parley.setupLink());
    await expect(setup.page.getByLabel("Name of this place")).toBeVisible();
    expect(await objections(setup.page)).toEqual([]);

    const ann = await own("Ann");
    await ann.page.emulateMedia({ colorScheme });
    await arrive("Bob");
    for (const link of await linked(ann, parley)) {
      await setup.goTo(link);
      await expect(
        setup.page.locator("main form, main a, main button").first(),
      ).toBeVisible();
      expect(await objections(setup.page)).toEqual([]);
    }

    const { dialog, page } = ann;
    for (const section of [
      "Profile",
      "Password",
      "Sessions",
      "Preferences",
      "Blocked people",
    ]) {
      await ann.openSettings(section);
      await expect(
        dialog.getByRole("heading", { name: section }),
      ).toBeVisible();
      expect(await objections(page)).toEqual([]);
      await page.keyboard.press("Escape");
    }
    await page.getByRole("button", { name: "New message" }).click();
    await expect(dialog.getByRole("option")).toHaveCount(1);
    expect(await objections(page)).toEqual([]);
    await page.keyboard.press("Escape");

    await ann.makeRoom("Book club", "Private");
    for (const item of ["Room settings", "Invite people"]) {
      await ann.choose("Options of this room", item);
      await expect(dialog).toBeVisible();
      expect(await objections(page)).toEqual([]);
      await page.keyboard.press("Escape");
    }
    for (const section of adminSections) {
      await ann.goTo(`/admin#${section}`);
      const main = page.getByRole("main");
      await expect(main.getByRole("heading").first()).toBeVisible();
      await expect(main.locator("[aria-busy=true]")).toHaveCount(0);
      expect(await objections(page)).toEqual([]);
    }
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
