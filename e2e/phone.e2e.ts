import { expect, test } from "./story.ts";

const adminSections = [
  "people",
  "invitations",
  "rooms",
  "settings",
  "outbound",
  "log",
];

test("on a phone, one thing at a time: rooms, a room, and back", async ({
  arrive,
}) => {
  const ann = await arrive("Ann");
  const bob = await arrive("Bob");
  await ann.composer.fill("from my phone 📱");
  await ann.page.getByRole("button", { name: "Send" }).tap();
  await bob.sees("from my phone 📱");

  await ann.page.getByRole("button", { name: "Back to rooms" }).tap();
  await expect(ann.composer).toBeHidden();
  await ann.page.getByRole("button", { name: /Lobby/ }).tap();
  await expect(ann.composer).toBeVisible();
  await ann.page.goBack();
  await expect(ann.composer).toBeHidden();
});

test("on a phone, Enter breaks the line and the button sends", async ({
  arrive,
}) => {
  const ann = await arrive("Ann");
  await ann.composer.tap();
  await ann.page.keyboard.type("one");
  await ann.page.keyboard.press("Enter");
  await ann.page.keyboard.type("two");
  await expect(ann.composer).toHaveValue("one\ntwo");
  await ann.page.getByRole("button", { name: "Send" }).tap();
  await ann.sees("one");
});

test("nothing is wider than a phone's screen", async ({ arrive }) => {
  const ann = await arrive("Ann");
  await ann.composer.fill(
    `${"x".repeat(300)} https://example.org/${"y".repeat(200)}`,
  );
  await ann.page.getByRole("button", { name: "Send" }).tap();
  await ann.sees(/x{300}/);
  const overflow = await ann.page.evaluate(
    () => document.documentElement.scrollWidth - window.innerWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
});

test("no page of the administration is wider than a phone's screen", async ({
  own,
}) => {
  const ann = await own("Ann");
  for (const section of ["", ...adminSections]) {
    await ann.goTo(`/admin#${section}`);
    await expect(ann.page.getByRole("heading").first()).toBeVisible();
    const overflow = await ann.page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    expect(overflow).toBeLessThanOrEqual(0);
  }
});
