import { expect, test } from "bun:test";
import { seededRandom } from "../../packages/server/src/testing/seeded-random.ts";
import { MemoryHistory } from "../history/history.ts";
import { Administration } from "./administration.ts";
import { Deck } from "./deck.ts";
import type { PlannedPerson } from "./plan.ts";
import { World, type FaultKind, type Resource } from "./world.ts";

const nobody: PlannedPerson = {
  me: { id: "", name: "", kind: "guest", email: "" },
  ...{ cookie: "", rooms: [], hasAccount: false },
};

/** In which there is nothing: these faults strike nobody. */
function world(): World {
  return new World({
    place: {
      nodes: [],
      ground: { kind: "sqlite", data: "", powerCut: undefined },
      [Symbol.asyncDispose]: () => Promise.resolve(),
    },
    ...{ people: [], administration: new Administration([], nobody) },
    ...{ ways: new Map(), groups: [], history: new MemoryHistory() },
    ...{ now: () => 0, random: seededRandom(1), longestMs: 1 },
  });
}

function kind(
  name: string,
  needs: Resource[],
  strike: () => Promise<void> = () => Promise.resolve(),
): FaultKind {
  return { name, on: "both", needs, strike };
}

test("each kind comes once before any comes again", async () => {
  const dealt: string[] = [];
  const kinds = ["a", "b", "c", "d"].map((name) =>
    kind(name, [], () => {
      dealt.push(name);
      return Promise.resolve();
    }),
  );
  const deck = new Deck(world(), kinds);
  for (let n = 0; n < 4; n += 1) {
    expect(deck.isThrough).toBe(false);
    deck.deal();
  }
  expect(deck.isThrough).toBe(true);
  expect(dealt.toSorted()).toEqual(["a", "b", "c", "d"]);
  for (let n = 0; n < 4; n += 1) deck.deal();
  await deck.over();
  expect(dealt.slice(4).toSorted()).toEqual(["a", "b", "c", "d"]);
});

test("what a fault has hold of is not struck by another", async () => {
  const first = Promise.withResolvers<void>();
  const deck = new Deck(world(), [
    kind("a", ["servers"], () => first.promise),
    kind("b", ["servers"], () => first.promise),
  ]);
  expect(deck.deal()).toBe(true);
  expect(deck.deal()).toBe(false);
  first.resolve();
  await deck.over();
  expect(deck.deal()).toBe(true);
});

test("what cannot be had is named with its reason, and not dealt", () => {
  const missing = { ...kind("a", []), missing: () => "no such thing here" };
  const deck = new Deck(world(), [missing]);
  expect(deck.kinds).toEqual([]);
  expect([...deck.missing]).toEqual([["a", "no such thing here"]]);
});

test("a fault that breaks off is told, and lets go of what it had", async () => {
  const deck = new Deck(world(), [
    kind("a", ["nats"], () => Promise.reject(new Error("no way"))),
  ]);
  deck.deal();
  await deck.over();
  expect(deck.failures).toEqual(['"a" could not be done: Error: no way']);
  expect(deck.deal()).toBe(true);
  await deck.over();
});
