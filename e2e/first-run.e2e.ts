import { expect, password, test } from "./story.ts";

test("[T37] the link on the terminal makes one person the owner, who names the place and decides who comes in; then it is dead", async ({
  parley,
  sitDown,
}) => {
  const ann = await sitDown("Ann");
  const { page } = ann;
  const link = await parley.setupLink();
  await ann.goTo(link);
  await expect(page.getByLabel("Name of this place")).toBeVisible();
  // Neither the history nor a screenshot has it.
  expect(page.url()).not.toContain("#");

  await page.getByLabel("Name of this place").fill("读书会 Riverside");
  await page.getByRole("radio", { name: "By invitation" }).check();
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByLabel("E-mail", { exact: true }).fill("ann@example.org");
  await page.getByLabel("Name", { exact: true }).fill("Ann");
  await page.getByLabel("User name").fill("ann");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await page.getByRole("button", { name: "Begin" }).click();
  await expect(page.getByText(/too short/)).toBeVisible();
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Begin" }).click();
  await expect(ann.composer).toBeVisible();
  await expect(
    page.getByRole("heading", { name: "读书会 Riverside", level: 1 }),
  ).toBeVisible();
  await page.getByTitle("You and your settings").click();
  await expect(
    page.getByRole("link", { name: "Administration" }),
  ).toBeVisible();

  const eve = await sitDown("Eve");
  await eve.goTo(link);
  await expect(eve.page.getByText(/set up already/)).toBeVisible();
  const again = await eve.asks("POST", "setup", {
    code: link.split("#").at(-1),
    place: { name: "Mine", joinMode: "open", domains: [], language: "auto" },
    email: "eve@example.org",
    ...{ name: "Eve", username: "eve", password },
  });
  expect(again).toMatchObject({
    status: 404,
    body: { error: { code: "link_invalid" } },
  });

  await eve.page.getByRole("button", { name: "To the front door" }).click();
  await expect(
    eve.page.getByText(/come in here with an invitation/),
  ).toBeVisible();
  await expect(eve.page.getByRole("textbox")).toHaveCount(0);
  await expect(eve.page.getByRole("button", { name: "Sign in" })).toBeVisible();
  const joined = await eve.asks("POST", "join", {
    ...{ email: "eve@example.org", name: "Eve" },
  });
  expect(joined).toMatchObject({
    status: 403,
    body: { error: { code: "invitation_needed" } },
  });
});
