import { expect, test } from "./story.ts";

test("a conversation is found again by the same people, and is out of the other's sight until something is said", async ({
  enrol,
  arrive,
}) => {
  const ann = await enrol("Ann");
  const bob = await arrive("Bob");
  await arrive("Carl");
  await ann.talkTo("Bob");
  await expect(ann.heading("Bob")).toBeVisible();
  const { hash } = new URL(ann.page.url());
  await bob.say("nothing for me yet?");
  await ann.openRoom("Lobby");
  await ann.sees("nothing for me yet?");
  await expect(bob.listed("Ann")).toHaveCount(0);

  await ann.talkTo("Bob");
  expect(new URL(ann.page.url()).hash).toBe(hash);
  await ann.say("psst");
  await expect(bob.listed("Ann")).toContainText("1 unread");
  await bob.openRoom("Ann");
  await bob.sees("psst");
  await bob.say("yes?");
  await ann.sees("yes?");

  await bob.openRoom("Lobby");
  await bob.talkTo("Ann");
  expect(new URL(bob.page.url()).hash).toBe(hash);

  await ann.talkTo("Bob", "Carl");
  await expect(ann.heading("Bob, Carl")).toBeVisible();
  expect(new URL(ann.page.url()).hash).not.toBe(hash);
  await ann.say("the three of us");
  await bob.openRoom("Ann, Carl");
  await bob.sees("the three of us");
});

test("whoever is blocked is told so in words, and keeps what they wrote; unblocked, it goes through", async ({
  enrol,
  arrive,
}) => {
  const ann = await enrol("Ann");
  const bob = await arrive("Bob");
  await ann.talkTo("Bob");
  await ann.say("hello Bob");
  await bob.openRoom("Ann");
  await bob.sees("hello Bob");

  await bob.choose("Options for Ann", "Block direct messages");
  await expect(bob.page.getByText("You have blocked Ann.")).toBeVisible();
  await expect(bob.composer).toBeHidden();
  await ann.composer.fill("are you there?");
  await ann.composer.press("Enter");
  const unsent = ann.message("are you there?");
  await expect(unsent).toContainText(
    "This person takes no direct messages from you.",
  );
  await expect(bob.message("are you there?")).toHaveCount(0);

  await bob.page.getByRole("button", { name: "Unblock" }).click();
  await expect(bob.composer).toBeVisible();
  await unsent.getByRole("button", { name: "Retry" }).click();
  await ann.sees("are you there?");
  await bob.sees("are you there?");
});
