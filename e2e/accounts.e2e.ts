import { expect, password, test } from "./story.ts";

test("a guest makes an account of it and keeps what they said; they sign out, and in again by user name and by e-mail", async ({
  arrive,
}) => {
  const ann = await arrive("Ann");
  const bob = await arrive("Bob");
  await ann.say("said as a guest");
  await bob.sees("said as a guest");

  await ann.openSettings("Profile");
  const { dialog, page } = ann;
  await dialog.getByRole("button", { name: "Create account" }).click();
  await dialog.getByLabel("E-mail").first().fill("anna@example.org");
  await dialog.getByLabel("Name", { exact: true }).first().fill("Anna Rivers");
  await dialog.getByLabel("User name").fill("anna");
  await dialog.getByLabel("Password", { exact: true }).fill(password);
  await dialog.getByRole("button", { name: "Create account" }).click();
  await expect(page.getByText("You have an account now.")).toBeVisible();
  await page.keyboard.press("Escape");

  for (const person of [ann, bob]) {
    await expect(person.message("said as a guest")).toContainText(
      "Anna Rivers",
    );
  }
  // The name stands wherever the person does, also for who was here before.
  await expect(
    bob.page.getByRole("complementary").getByRole("listitem"),
  ).toHaveText([/Anna Rivers/, /Bob/]);

  await ann.signOut();
  await expect(page.getByRole("button", { name: "Join" })).toBeVisible();
  await ann.signIn("anna", "not this one at all");
  await expect(
    page.getByText("The name or the password is wrong."),
  ).toBeVisible();
  await ann.enterPassword("anna", password);
  await ann.sees("said as a guest");
  await ann.say("back by user name");
  await bob.sees("back by user name");

  await ann.signOut();
  await expect(page.getByRole("button", { name: "Join" })).toBeVisible();
  await ann.signIn("Anna@example.org", password);
  await ann.sees("back by user name");
  await ann.say("back by e-mail");
  await expect(bob.message("back by e-mail")).toHaveCount(1);
  expect(await ann.stored()).toEqual(await bob.stored());
});

test("[A-2] a session that is ended elsewhere is over on its screen within a second", async ({
  enrol,
  sitDown,
}) => {
  const ann = await enrol("Ann");
  const phone = await sitDown("Ann's phone");
  await phone.goTo();
  await phone.signIn("ann", password);
  await expect(phone.composer).toBeVisible();

  await ann.openSettings("Sessions");
  await expect(ann.dialog.getByRole("listitem")).toHaveCount(2);
  await expect(ann.dialog.getByText("this device")).toHaveCount(1);
  await ann.dialog.getByRole("button", { name: /^Sign out: / }).click();
  await expect(ann.dialog.getByRole("listitem")).toHaveCount(1);
  const door = phone.page.getByRole("button", { name: "Sign in" });
  await expect(door).toBeVisible({ timeout: 1_000 });
  await expect(
    phone.page.getByText(/Your session here has ended/),
  ).toBeVisible();
});

test("[A-2] a new password ends every other session within a second, and the old one opens nothing", async ({
  enrol,
  sitDown,
}) => {
  const ann = await enrol("Ann");
  const phone = await sitDown("Ann's phone");
  await phone.goTo();
  await phone.signIn("ann", password);
  await expect(phone.composer).toBeVisible();

  const next = "another row of quiet words";
  await ann.openSettings("Password");
  await ann.dialog.getByLabel("Current password").fill(password);
  await ann.dialog.getByLabel("New password").fill(next);
  await ann.dialog.getByRole("button", { name: "Change password" }).click();
  await expect(ann.page.getByText("Your password is changed.")).toBeVisible();
  const door = phone.page.getByRole("button", { name: "Sign in" });
  await expect(door).toBeVisible({ timeout: 1_000 });
  await ann.page.keyboard.press("Escape");
  await ann.say("still here");
  await ann.sees("still here");

  await phone.signIn("ann", password);
  await expect(
    phone.page.getByText("The name or the password is wrong."),
  ).toBeVisible();
  await phone.enterPassword("ann", next);
  await phone.sees("still here");
});

test("a new password changes nothing else on the page: the settings stay open, and the chat goes on in every tab", async ({
  enrol,
}) => {
  const ann = await enrol("Ann");
  const { dialog, page } = ann;
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(other.locator("form textarea")).toBeVisible();
  await page.evaluate(() => {
    document.querySelector(".chat")?.setAttribute("data-before", "");
  });

  const next = "another row of quiet words";
  await ann.openSettings("Password");
  await dialog.getByLabel("Current password").fill(password);
  await dialog.getByLabel("New password").fill(next);
  await dialog.getByRole("button", { name: "Change password" }).click();
  await expect(page.getByText("Your password is changed.")).toBeVisible();
  await expect(dialog.getByRole("heading", { name: "Password" })).toBeVisible();
  await page.keyboard.press("Escape");
  await ann.say("still here");
  await ann.sees("still here");
  // It is the very page of before, and not another that looks like it.
  await expect(page.locator(".chat[data-before]")).toHaveCount(1);
  await expect(other.getByText("still here")).toBeVisible();
  await expect(other.getByText(/Your session here has ended/)).toBeHidden();
});
