import { devices } from "@playwright/test";
import type { PersonAtPage } from "./person-at-page.ts";
import { expect, password, test } from "./story.ts";

const phone = devices["Pixel 7"];

/**
 * Makes a link to the open room and reads it off the screen, as it is shown once.
 * A guest's is for this room alone, unless one says otherwise.
 */
async function makeLink(
  person: PersonAtPage,
  role: "Guest" | "Member",
): Promise<string> {
  const { dialog } = person;
  await person.choose("Options of this room", "Invite people");
  await dialog.getByRole("button", { name: "Invite by link" }).click();
  await dialog.getByLabel("They come as").selectOption(role);
  await dialog.getByLabel("Number of people").selectOption("1 person");
  await dialog.getByRole("button", { name: "Make the link" }).click();
  await expect(dialog.getByRole("img", { name: /QR code/ })).toBeVisible();
  const link = await dialog.getByLabel("Link", { exact: true }).inputValue();
  await person.page.keyboard.press("Escape");
  return link;
}

test("[T38] a link brings somebody with a phone into the place and its room, with an account of their own; used up, it is nothing", async ({
  own,
  sitDown,
}) => {
  const ann = await own("Ann", "invitation");
  await ann.makeRoom("Book club", "Private");
  await ann.say("which page are you on?");
  const link = await makeLink(ann, "Member");

  const ming = await sitDown("小明", phone);
  await ming.goTo(link);
  await expect(
    ming.page.getByRole("heading", { name: "Ann invites you to Riverside" }),
  ).toBeVisible();
  await expect(ming.page.getByText("You will be in: Book club.")).toBeVisible();
  expect(ming.page.url()).not.toContain("#");
  await ming.page.getByLabel("E-mail").fill("ming@example.org");
  await ming.page.getByLabel("Name", { exact: true }).fill("小明");
  await ming.page.getByLabel("User name").fill("ming");
  await ming.page.getByLabel("Password", { exact: true }).fill(password);
  await ming.page.getByRole("button", { name: "Join" }).tap();
  await ming.page.getByRole("button", { name: "Back to rooms" }).tap();
  await ming.rooms.getByRole("button", { name: "Book club" }).tap();
  await ming.sees("which page are you on?");
  await ming.composer.fill("第十二页");
  await ming.page.getByRole("button", { name: "Send" }).tap();
  await ann.sees("第十二页");

  // Who is here already comes in as who they are.
  await ann.makeRoom("Bakers", "Private");
  await ming.goTo(await makeLink(ann, "Member"));
  await expect(
    ming.page.getByText("You are here already, as 小明."),
  ).toBeVisible();
  await ming.page.getByRole("button", { name: "Join", exact: true }).tap();
  await expect(
    ming.page.getByRole("heading", { name: "Bakers", level: 2 }),
  ).toBeVisible();
  await ming.composer.fill("今天烤什么？");
  await ming.page.getByRole("button", { name: "Send" }).tap();
  await ann.sees("今天烤什么？");

  const late = await sitDown("Late", phone);
  await late.goTo(link);
  await expect(late.page.getByText(/This link is used up/)).toBeVisible();
  await expect(late.page.getByRole("textbox")).toHaveCount(0);
});

test("[A-3] a guest who is bound to a room sees it and the people in it, and nothing else of the place", async ({
  own,
  sitDown,
}) => {
  const ann = await own("Ann", "invitation");
  await ann.say("in the lobby, among ourselves");
  await ann.makeRoom("Offer", "Private");
  await ann.say("welcome to our offer");
  const link = await makeLink(ann, "Guest");

  const gus = await sitDown("Gus", phone);
  await gus.goTo(link);
  await expect(gus.page.getByText(/As a guest of: Offer/)).toBeVisible();
  await expect(gus.page.getByRole("textbox")).toHaveCount(2);
  await gus.page.getByLabel("E-mail").fill("gus@example.org");
  await gus.page.getByLabel("Name", { exact: true }).fill("Gus");
  await gus.page.getByRole("button", { name: "Join" }).tap();
  await gus.sees("welcome to our offer");
  await gus.composer.fill("thank you");
  await gus.page.getByRole("button", { name: "Send" }).tap();
  await ann.sees("thank you");

  await gus.page.getByRole("button", { name: "Back to rooms" }).tap();
  await expect(gus.rooms.getByRole("listitem")).toHaveText([/Offer/]);
  for (const name of ["Browse rooms", "New room", "New message"]) {
    await expect(gus.page.getByRole("button", { name })).toHaveCount(0);
  }
  for (const path of ["directory", "people/search?query=a"]) {
    expect((await gus.asks("GET", path)).status).toBe(403);
  }
  const { rooms } = await ann.told<{
    rooms: { kind: string; stream: string }[];
  }>("rooms");
  const lobby = rooms.find(({ kind }) => kind === "lobby");
  const there = await gus.asks("GET", `streams/${lobby?.stream}/messages`);
  expect(there.status).toBe(404);
  expect(gus.frames.join()).not.toContain("among ourselves");
});
