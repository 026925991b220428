import { expect, test } from "./story.ts";

test("the focus returns to what opened a dialog, however it is closed", async ({
  enrol,
}) => {
  const ann = await enrol("Ann");
  await ann.makeRoom("Rose garden");
  const { dialog, page } = ann;
  const options = page.getByRole("button", {
    name: "Options of this room",
    exact: true,
  });
  for (const close of ["Cancel", "Close", "Save", "Escape"]) {
    await ann.choose("Options of this room", "Room settings");
    await expect(dialog.getByLabel("Name")).toBeFocused();
    if (close === "Escape") await page.keyboard.press("Escape");
    else await dialog.getByRole("button", { name: close }).click();
    await expect(dialog).toBeHidden();
    await expect(options).toBeFocused();
  }
});

test("a message that is deleted by its menu gives the focus to the timeline, where arrows and Tab go on", async ({
  arrive,
}) => {
  const ann = await arrive("Ann");
  await ann.say("to stay");
  await ann.say("to go");
  await ann.sees("to go");
  const { dialog, page, timeline } = ann;
  const menu = ann
    .message("to go")
    .getByRole("button", { name: "Options of this message" });
  await menu.focus();
  await page.keyboard.press("Enter");
  await page.getByRole("menu").getByText("Delete", { exact: true }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(dialog).toBeHidden();
  await expect(ann.message("Message deleted")).toHaveCount(1);
  await expect(timeline).toBeFocused();
});

test("no room moves under the pointer, whatever comes in meanwhile", async ({
  enrol,
}) => {
  const ann = await enrol("Ann");
  const bob = await enrol("Bob");
  for (const room of ["Apples", "Pears"]) {
    await bob.makeRoom(room);
    await bob.invite("Ann");
  }
  await ann.openSettings("Preferences");
  await ann.dialog.getByRole("radio", { name: "Recent first" }).check();
  await ann.page.keyboard.press("Escape");
  const listed = ann.rooms.locator("[data-stream] .name");
  await bob.openRoom("Pears");
  await bob.say("one");
  await expect(listed).toHaveText(["Lobby", "Pears", "Apples"]);
  await ann.listed("Apples").hover();
  await bob.openRoom("Apples");
  await bob.say("two");
  await expect(ann.listed("Apples")).toContainText("1 unread");
  await expect(listed).toHaveText(["Lobby", "Pears", "Apples"]);
  await ann.timeline.hover();
  await expect(listed).toHaveText(["Lobby", "Apples", "Pears"]);
});
