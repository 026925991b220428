import { expect, test } from "./story.ts";

test("Enter that confirms a composition does not send; the next Enter does", async ({
  arrive,
}) => {
  const ming = await arrive("小明");
  const session = await ming.page.context().newCDPSession(ming.page);
  await ming.composer.focus();

  const compose = (text: string) =>
    session.send("Input.imeSetComposition", {
      text,
      selectionStart: text.length,
      selectionEnd: text.length,
    });
  await compose("にほ");
  await compose("日本");
  await session.send("Input.dispatchKeyEvent", {
    type: "rawKeyDown",
    key: "Process",
    code: "Enter",
    windowsVirtualKeyCode: 229,
  });
  await session.send("Input.insertText", { text: "日本" });
  await session.send("Input.dispatchKeyEvent", {
    type: "keyUp",
    key: "Enter",
    code: "Enter",
    windowsVirtualKeyCode: 13,
  });
  await expect(ming.composer).toHaveValue("日本");
  await expect(ming.timeline.locator("article")).toHaveCount(0);

  await ming.composer.press("Enter");
  await ming.sees("日本");
});

test("a draft survives a reload and a change of room", async ({ arrive }) => {
  const ann = await arrive("Ann");
  await ann.composer.fill("not yet finished, 未完");
  await ann.page.reload();
  await expect(ann.composer).toHaveValue("not yet finished, 未完");
  await ann.composer.press("Enter");
  await ann.sees("not yet finished, 未完");
});

test("an emoji is found by its shortcode, also right after a Chinese character", async ({
  arrive,
}) => {
  const ann = await arrive("Ann");
  await ann.composer.click();
  await ann.page.keyboard.type("你好:wav");
  await expect(ann.page.getByRole("option").first()).toBeVisible();
  await ann.page.keyboard.press("Enter");
  await expect(ann.composer).toHaveValue(/^你好👋/);
  await ann.page.keyboard.press("Enter");
  await ann.sees(/^.*你好👋/s);
});

test("the emoji picker is reached, searched and used with the keyboard alone", async ({
  arrive,
}) => {
  const ann = await arrive("Ann");
  await ann.composer.focus();
  await ann.page.keyboard.press("Tab");
  await ann.page.keyboard.press("Enter");
  await expect(
    ann.page.getByRole("combobox", { name: /emoji/i }),
  ).toBeFocused();
  await ann.page.keyboard.type("rocket");
  await expect(
    ann.page.getByRole("option", { name: /rocket/i }).first(),
  ).toBeVisible();
  await ann.page.keyboard.press("Enter");
  await expect(ann.composer).toHaveValue(/🚀/u);
});
