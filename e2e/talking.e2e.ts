import { TutorialClient } from "./tutorial-client.ts";
import { expect, test } from "./story.ts";

test("two people join, talk in both directions, and still see it all after a reload", async ({
  arrive,
}) => {
  const ann = await arrive("Ann");
  const ming = await arrive("小明");

  await ann.say("hello 你好 👋");
  await ming.sees("hello 你好 👋");
  await ming.say("你好，Ann！今天怎么样？😀");
  await ann.sees("你好，Ann！今天怎么样？😀");
  await ann.say("**quite** fine :wave:");
  await ming.sees("quite fine 👋");
  await expect(ming.message("quite fine").locator("strong")).toHaveText(
    "quite",
  );

  for (const person of [ann, ming]) {
    await person.page.reload();
    await person.sees("hello 你好 👋");
    await person.sees("你好，Ann！今天怎么样？😀");
    await person.sees("quite fine 👋");
  }
  expect(await ann.stored()).toEqual(await ming.stored());
});

test("[M1] a client of the tutorial, without a subprotocol, talks with them", async ({
  arrive,
  browser,
  parley,
}) => {
  const ann = await arrive("Ann");
  await using tom = await TutorialClient.open(browser, parley.url, "Tom");
  await tom.say("from the tutorial 🎉");
  await ann.sees("from the tutorial 🎉");
  await expect(ann.message("from the tutorial")).toContainText("Tom");
  await ann.say("welcome, Tom <3");

  await expect.poll(() => tom.received()).toHaveLength(2);
  const [own, other] = await tom.received();
  const alias = /^u_\w+@parley\.invalid$/;
  expect(own?.email).toMatch(alias);
  expect(own).toMatchObject({
    username: "Tom",
    message: "from the tutorial 🎉",
  });
  expect(other?.email).toMatch(alias);
  expect(other).toMatchObject({
    username: "Ann",
    // Escaped, because that client puts it into its page as HTML.
    message: "welcome, Tom &lt;3",
  });
});

test("the join page says what is missing, and asks for nothing else", async ({
  page,
  parley,
}) => {
  await page.goto(parley.url);
  await expect(page.getByRole("textbox")).toHaveCount(2);
  await page.getByRole("button", { name: "Join" }).click();
  await expect(
    page.getByText("Please enter your e-mail address.").first(),
  ).toBeVisible();
  await page.getByLabel(/^E-mail/).fill("ann@example.org");
  await page.getByRole("button", { name: "Join" }).click();
  await expect(page.getByText("Please enter your name.").first()).toBeVisible();
});

test("a new room is found by others, who join it and read what was said", async ({
  arrive,
}) => {
  const ann = await arrive("Ann");
  const bob = await arrive("Bob");
  await ann.page.getByRole("button", { name: "New room" }).click();
  await ann.page.getByRole("dialog").getByLabel("Name").fill("读书会");
  await ann.page.keyboard.press("Enter");
  await expect(
    ann.page.getByRole("heading", { name: "读书会", level: 2 }),
  ).toBeVisible();
  await ann.say("first page");

  await bob.page.getByRole("button", { name: "Browse rooms" }).click();
  await bob.page.getByRole("button", { name: "Join: 读书会" }).click();
  await bob.sees("first page");
  await bob.say("I am in");
  await ann.sees("I am in");
});

test("unread messages of another room are counted, and reading them clears the count", async ({
  arrive,
}) => {
  const ann = await arrive("Ann");
  const bob = await arrive("Bob");
  await ann.page.getByRole("button", { name: "New room" }).click();
  await ann.page.getByRole("dialog").getByLabel("Name").fill("elsewhere");
  await ann.page.keyboard.press("Enter");
  await expect(
    ann.page.getByRole("heading", { name: "elsewhere", level: 2 }),
  ).toBeVisible();

  await bob.say("one");
  await bob.say("two");
  const lobby = ann.page
    .getByRole("navigation", { name: "Rooms" })
    .getByRole("listitem")
    .filter({ hasText: "Lobby" });
  await expect(lobby).toContainText("2");
  await lobby.getByRole("button").click();
  await ann.sees("two");
  await expect(lobby).not.toContainText("2");
});
