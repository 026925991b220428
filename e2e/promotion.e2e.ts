import { expect, test } from "./story.ts";

test("whoever is made an administrator finds the administration at once; whose session ends there stands at the door", async ({
  own,
  enrol,
}) => {
  const ann = await own("Ann");
  const bob = await enrol("Bob");
  const { page } = bob;
  const { me } = await bob.told<{ me: { id: string } }>("server");
  await page.getByTitle("You and your settings").click();
  await expect(page.getByRole("link", { name: "Administration" })).toBeHidden();
  await page.keyboard.press("Escape");

  await ann.asks("PATCH", `admin/people/${me.id}`, { role: "administrator" });
  await page.getByTitle("You and your settings").click();
  await page.getByRole("link", { name: "Administration" }).click();
  const heading = page.getByRole("heading", { name: "People" });
  await expect(heading).toBeVisible();
  // Whom one does not stand above is listed, without a menu that offers nothing.
  await expect(page.getByText("@ann")).toBeVisible();
  await expect(
    page.getByRole("button", { name: "Options for Ann" }),
  ).toBeHidden();

  await ann.asks("POST", `admin/people/${me.id}/sign-out`, {});
  await page.getByRole("link", { name: "Rooms" }).click();
  await expect(page.getByRole("button", { name: "Sign in" })).toBeVisible();
  await expect(page.getByText(/Your session here has ended/)).toBeVisible();
});
