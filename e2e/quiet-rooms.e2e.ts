import { expect, test } from "./story.ts";

test("where one cannot write, the page says why in place of the composer: announcements, and an archived room", async ({
  enrol,
  arrive,
}) => {
  const ann = await enrol("Ann");
  const bob = await arrive("Bob");
  await ann.makeRoom("News");
  await bob.page.getByRole("button", { name: "Browse rooms" }).click();
  await bob.page.getByRole("button", { name: "Join: News" }).click();
  await bob.say("may I?");
  await ann.sees("may I?");

  await ann.choose("Options of this room", "Room settings");
  await ann.dialog.getByRole("switch", { name: /Announcements only/ }).click();
  await ann.dialog.getByRole("button", { name: "Save" }).click();
  await expect(
    bob.page.getByText(/This room is for announcements/),
  ).toBeVisible();
  await expect(bob.composer).toBeHidden();
  await ann.say("hear, hear");
  await bob.sees("hear, hear");

  await ann.choose("Options of this room", "Room settings");
  await ann.dialog.getByRole("button", { name: "Archive" }).click();
  await ann.dialog.getByRole("button", { name: "Really archive" }).click();
  for (const person of [ann, bob]) {
    await expect(person.page.getByText(/This room is archived/)).toBeVisible();
    await expect(person.composer).toBeHidden();
    await person.sees("hear, hear");
  }
  await expect(bob.page.getByRole("button", { name: "Restore" })).toHaveCount(
    0,
  );

  await ann.page.getByRole("button", { name: "Restore" }).click();
  await expect(ann.composer).toBeVisible();
  await expect(
    bob.page.getByText(/This room is for announcements/),
  ).toBeVisible();
  await ann.choose("Options of this room", "Room settings");
  await ann.dialog.getByRole("switch", { name: /Announcements only/ }).click();
  await ann.dialog.getByRole("button", { name: "Save" }).click();
  await expect(bob.composer).toBeVisible();
  await bob.say("now I may");
  await ann.sees("now I may");
});
