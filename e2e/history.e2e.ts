import { expect, test } from "./story.ts";
import { TutorialClient } from "./tutorial-client.ts";

// Many messages in a moment are part of these stories.
test.use({ settings: { PARLEY_LIMITS: "off" } });

test("[S2] older pages come in above without moving what is being read", async ({
  arrive,
  browser,
  parley,
}) => {
  await using tom = await TutorialClient.open(browser, parley.url, "Tom");
  await tom.sayMany(300);
  const ann = await arrive("Ann");
  await ann.sees("message 300.");

  const steps: number[] = [];
  for (let round = 0; round < 12; round += 1) {
    await ann.timeline.evaluate((log) => {
      log.scrollTop = Math.max(0, log.scrollTop - 1_500);
    });
    // The first row wholly in view keeps its place while pages come in above.
    const drift = await ann.timeline.evaluate(async (log) => {
      const top = log.getBoundingClientRect().top;
      const first = [...log.querySelectorAll("article[data-seq]")].find(
        (row) => row.getBoundingClientRect().top >= top,
      );
      if (first === undefined) return 0;
      const before = first.getBoundingClientRect().top;
      await new Promise((resolve) => setTimeout(resolve, 150));
      return first.isConnected
        ? Math.abs(first.getBoundingClientRect().top - before)
        : 0;
    });
    steps.push(drift);
  }
  expect(Math.max(...steps)).toBeLessThanOrEqual(1);
  await expect(ann.message("message 1.")).toHaveCount(1);
});

test("[S1] who reads further up is not moved by new messages, and is told of them", async ({
  arrive,
  browser,
  parley,
}) => {
  await using tom = await TutorialClient.open(browser, parley.url, "Tom");
  await tom.sayMany(60);
  const ann = await arrive("Ann");
  await ann.sees("message 60.");
  await ann.timeline.evaluate((log) => {
    log.scrollTop -= 600;
  });
  const before = await ann.timeline.evaluate((log) => log.scrollTop);
  const bob = await arrive("Bob");
  await bob.say("news");
  await expect(
    ann.page.getByRole("button", { name: /1 new message/ }),
  ).toBeVisible();
  expect(await ann.timeline.evaluate((log) => log.scrollTop)).toBe(before);
  await ann.page.getByRole("button", { name: /1 new message/ }).click();
  await expect(ann.message("news")).toBeInViewport();
});
