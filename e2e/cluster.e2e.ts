import { setTimeout } from "node:timers/promises";
import { Cluster } from "./cluster.ts";
import type { PersonAtPage } from "./person-at-page.ts";
import { expect, test as story } from "./story.ts";

/** These stories take a cluster apart, so they need its nodes. */
const test = story.extend<{ cluster: Cluster; parley: Cluster }>({
  cluster: async ({ nodes, settings }, use) => {
    if (nodes === "one process") throw new Error("this story needs nodes");
    await using cluster = await Cluster.start(nodes, settings);
    await use(cluster);
  },
  parley: async ({ cluster }, use) => use(cluster),
});

test("[P1] [P8] [V-1] two people on two nodes behind a proxy talk; one node is killed, then the other, and both go on talking", async ({
  arrive,
  cluster,
}) => {
  const ann = await arrive("Ann");
  const bob = await arrive("Bob");
  await expect.poll(() => ann.node).not.toBe("");
  await moveAway(bob, ann.node);
  await ann.say("from one node");
  await bob.sees("from one node");
  await bob.say("from the other");
  await ann.sees("from the other");

  await ann.page.getByRole("button", { name: /^Connection/ }).click();
  const panel = ann.page.getByRole("complementary", { name: "Connection" });
  await expect(panel).toContainText(ann.node);

  const first = cluster.node(ann.node);
  await first.kill();
  await ann.say("ann, while her node is dead");
  await bob.say("bob, meanwhile");
  for (const person of [ann, bob]) {
    await person.sees("ann, while her node is dead");
    await person.sees("bob, meanwhile");
  }
  expect(ann.node).toBe(bob.node);
  await expect(panel).toContainText(bob.node);

  // Who comes now is sent to the node that is back, where nobody is yet.
  const second = ann.node;
  await first.startAgain();
  await moveAway(bob, second);
  await cluster.node(second).kill();
  await ann.say("ann, without the second node");
  await bob.say("bob, on the first");
  const all = [
    "from one node",
    "from the other",
    "ann, while her node is dead",
    "bob, meanwhile",
    "ann, without the second node",
    "bob, on the first",
  ];
  for (const person of [ann, bob]) {
    for (const text of all) await person.sees(text);
  }
  expect(await ann.stored()).toHaveLength(all.length);
  expect(await ann.stored()).toEqual(await bob.stored());
});

test.describe("[P22] [V-1] [O-2]", () => {
  test.use({ nodes: 3 });

  test("three nodes are restarted one after the other while two people talk: nobody ever sees a failed message, and nothing is lost or doubled", async ({
    arrive,
    cluster,
  }) => {
    const ann = await arrive("Ann");
    const bob = await arrive("Bob");
    const people = [ann, bob];
    await Promise.all(people.map(watchForFailures));

    const talk = { isOver: false };
    const talks = people.map((person) => speakUntil(person, talk));
    for (const node of cluster.nodes) {
      await node.stop();
      await node.startAgain();
      // Everybody is heard through the nodes that are left.
      for (const { said } of talks) {
        const next = said.length + 2;
        await expect.poll(() => said.length).toBeGreaterThanOrEqual(next);
        for (const person of people) await person.sees(said[next - 1]!);
      }
    }
    talk.isOver = true;
    await Promise.all(talks.map(({ isSaid }) => isSaid));
    const said = talks.flatMap((one) => one.said);

    for (const person of people) {
      for (const text of said) await person.sees(text);
      expect(await failuresSeen(person)).toEqual([]);
    }
    expect(await ann.stored()).toHaveLength(said.length);
    expect(await ann.stored()).toEqual(await bob.stored());
  });
});

/**
 * Comes back until it is another node. The proxy chooses the one with less to
 * do, and requests that are under way at that moment count too.
 */
async function moveAway(person: PersonAtPage, node: string): Promise<void> {
  await expect(async () => {
    if (person.node === node) await person.page.reload();
    await expect(person.composer).toBeVisible();
    await expect
      .poll(() => !["", node].includes(person.node), { timeout: 2_000 })
      .toBe(true);
  }).toPass();
}

/** Says something twice a second, which is what one person may. */
function speakUntil(
  person: PersonAtPage,
  talk: { isOver: boolean },
): { said: string[]; isSaid: Promise<void> } {
  const said: string[] = [];
  const speak = async (): Promise<void> => {
    while (!talk.isOver) {
      const text = `${person.name} says ${said.length + 1}.`;
      await person.say(text);
      said.push(text);
      await setTimeout(500);
    }
  };
  return { said, isSaid: speak() };
}

interface WatchedWindow extends Window {
  failuresSeen: string[];
}

/** Keeps the text of every message that is ever marked as failed. */
async function watchForFailures({ page }: PersonAtPage): Promise<void> {
  await page.evaluate(() => {
    const seen: string[] = [];
    (window as unknown as WatchedWindow).failuresSeen = seen;
    const look = () => {
      for (const row of document.querySelectorAll('[data-status="failed"]')) {
        seen.push(row.textContent);
      }
    };
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      attributeFilter: ["data-status"],
    });
  });
}

async function failuresSeen({ page }: PersonAtPage): Promise<string[]> {
  return page.evaluate(() => (window as unknown as WatchedWindow).failuresSeen);
}
