import { expect, test } from "bun:test";
import { memoryStorage } from "../../packages/client/src/index.ts";
import { clientEnv } from "../../packages/server/src/testing/client-env.ts";
import { Browser, Tab } from "./browser.ts";

function twoTabs(): [Tab, Tab] {
  const browser = new Browser(memoryStorage());
  const machine = clientEnv("");
  return [new Tab(browser, machine), new Tab(browser, machine)];
}

/** Writes down what becomes of a hold. */
function holder(name: string, log: string[]) {
  return {
    held: () => {
      log.push(`${name} has it`);
    },
    lost: () => {
      log.push(`${name} lost it`);
    },
  };
}

test("one tab holds a name; the next has it when the first gives it back, or dies", () => {
  const [one, other] = twoTabs();
  const log: string[] = [];
  const giveBack = one.env.hold("n", holder("one", log), { steal: false });
  other.env.hold("n", holder("other", log), { steal: false });
  expect(log).toEqual(["one has it"]);
  giveBack();
  one.env.hold("n", holder("one again", log), { steal: false });
  other.die();
  expect(log).toEqual(["one has it", "other has it", "one again has it"]);
});

test("who steals a name has it at once, and who had it is told", () => {
  const [one, other] = twoTabs();
  const log: string[] = [];
  one.env.hold("n", holder("one", log), { steal: false });
  other.env.hold("n", holder("other", log), { steal: true });
  expect(log).toEqual(["one has it", "one lost it", "other has it"]);
});

test("the tabs of a browser hear each other, not themselves, and nothing once they are dead", async () => {
  const [one, other] = twoTabs();
  const log: unknown[] = [];
  const channel = one.env.channel("c", (heard) => log.push(["one", heard]));
  other.env.channel("c", (heard) => log.push(["other", heard]));
  channel.tell({ word: 1 });
  await Bun.sleep(5);
  expect(log).toEqual([["other", { word: 1 }]]);
  channel.tell({ word: 2 });
  other.die();
  await Bun.sleep(5);
  expect(log).toHaveLength(1);
});

test("nothing that a dead tab had asked for is ever answered", async () => {
  const [one, other] = twoTabs();
  const log: string[] = [];
  one.env.setTimer(1, () => log.push("timer"));
  one.env.soon(() => log.push("soon"));
  one.env.onHidden(() => log.push("hidden"));
  one.leave();
  other.env.setTimer(1, () => log.push("other timer"));
  await Bun.sleep(10);
  expect(log).toEqual(["hidden", "other timer"]);
});
