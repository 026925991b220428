import { expect, test } from "./story.ts";

test("[P21] [A-1] whoever is removed while looking at a room loses it from the screen within a second, and nothing later of it arrives", async ({
  enrol,
  arrive,
}) => {
  const ann = await enrol("Ann");
  const bob = await arrive("Bob");
  await ann.makeRoom("Rose garden", "Private");
  await ann.invite("Bob");
  await bob.openRoom("Rose garden");
  await ann.say("before");
  await bob.sees("before");
  const stream = /r_[\w-]+/u.exec(bob.page.url())?.[0] ?? "";

  await ann.choose("Options for Bob", "Remove from the room");
  await ann.dialog
    .getByRole("button", { name: "Remove from the room" })
    .click();
  await expect(ann.dialog).toBeHidden();
  await expect(bob.heading("Rose garden")).toBeHidden({ timeout: 1_000 });
  await expect(bob.rooms).not.toContainText("Rose garden");
  await expect(
    bob.page.getByText("You are not in Rose garden any more."),
  ).toBeVisible();
  const until = bob.frames.length;

  await ann.composer.pressSequentially("roses are");
  await ann.say("after");
  await ann.sees("after");
  await ann.openRoom("Lobby");
  await ann.say("to everybody");
  await bob.openRoom("Lobby");
  await bob.sees("to everybody");
  const later = bob.frames.slice(until).join();
  expect(later).toContain("to everybody");
  expect(later).not.toContain(stream);
  expect(bob.frames.join()).not.toContain("after");

  // Nor does it come back with the page, from the device or from the server.
  await bob.page.reload();
  await expect(bob.composer).toBeVisible();
  await expect(bob.rooms).not.toContainText("Rose garden");
  await bob.goTo(`/#/${stream}`);
  await expect(bob.page.getByText("before")).toHaveCount(0);
  const messages = await bob.asks("GET", `streams/${stream}/messages`);
  expect(messages.status).toBe(404);
});

test("whoever is removed from a room while they decide about it loses the dialog with the room", async ({
  enrol,
}) => {
  const ann = await enrol("Ann");
  const bob = await enrol("Bob");
  await ann.makeRoom("Rose garden", "Private");
  await ann.invite("Bob");
  await bob.openRoom("Rose garden");
  await bob.choose("Options of this room", "Invite people");
  await expect(bob.dialog).toBeVisible();
  await ann.choose("Options for Bob", "Remove from the room");
  await ann.dialog
    .getByRole("button", { name: "Remove from the room" })
    .click();
  await expect(
    bob.page.getByText("You are not in Rose garden any more."),
  ).toBeVisible();
  await expect(bob.dialog).toBeHidden();
});
