import { expect, test } from "./story.ts";
import { TutorialClient } from "./tutorial-client.ts";

test.use({ settings: { PARLEY_LIMITS: "off", PARLEY_REPLAY_EVENTS: "20" } });

test("the number of members and their list follow who comes, also what one has missed, and say the same", async ({
  arrive,
  browser,
  parley,
}) => {
  const ann = await arrive("Ann");
  const header = ann.page.getByRole("button", { name: /^Details/ });
  const list = ann.page.getByRole("complementary").getByRole("listitem");
  await arrive("Bob");
  await expect(header).toHaveAccessibleName("Details: 2 members");
  await expect(list).toHaveText([/Ann/, /Bob/]);
  await ann.setOffline(true);
  await arrive("Carol");
  // More than is replayed: Ann starts again from a page of messages.
  await using tom = await TutorialClient.open(browser, parley.url, "Tom");
  await tom.sayMany(60);
  await ann.setOffline(false);
  await expect(header).toHaveAccessibleName("Details: 4 members");
  await expect(list).toHaveText([/Ann/, /Bob/, /Carol/, /Tom/]);
});
