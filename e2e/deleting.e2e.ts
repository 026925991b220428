import { expect, test } from "./story.ts";

test("a deleted message is gone from every screen, from the server, and after a reload", async ({
  enrol,
  arrive,
}) => {
  const ann = await enrol("Ann");
  const bob = await arrive("Bob");
  await ann.say("before it");
  await ann.say("the key is 4711");
  await ann.say("after it");
  await bob.sees("the key is 4711");
  await bob.sees("after it");

  // What another said is theirs: nothing here deletes it.
  await bob.message("the key is 4711").hover();
  await bob
    .message("the key is 4711")
    .getByRole("button", { name: "Options of this message" })
    .click();
  await expect(bob.page.getByRole("menuitem")).toHaveText(["Copy text"]);
  await bob.page.keyboard.press("Escape");

  const row = ann.message("the key is 4711");
  await row.hover();
  await row.getByRole("button", { name: "Options of this message" }).click();
  await ann.page.getByRole("menuitem", { name: "Delete" }).click();
  await ann.dialog.getByRole("button", { name: "Delete" }).click();
  for (const person of [ann, bob]) {
    await expect(person.message("4711")).toHaveCount(0);
    await expect(person.message("Message deleted")).toHaveCount(1);
  }

  const { length } = bob.frames;
  await bob.page.reload();
  await bob.sees("after it");
  await expect(bob.message("Message deleted")).toHaveCount(1);
  await expect(bob.message("4711")).toHaveCount(0);
  expect(bob.frames.slice(length).join()).not.toContain("4711");
  const { rooms } = await bob.told<{ rooms: { stream: string }[] }>("rooms");
  const page = await bob.told(`streams/${rooms[0]?.stream}/messages`);
  expect(JSON.stringify(page)).toContain("after it");
  expect(JSON.stringify(page)).not.toContain("4711");
});
