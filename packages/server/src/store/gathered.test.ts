import { beforeEach, expect, test } from "bun:test";
import { aTurn, gathered } from "./gathered.ts";

/** The keys of each question. */
let asked: number[][];

beforeEach(() => {
  asked = [];
});

function ask(keys: readonly number[]): Promise<Map<number, string>> {
  asked.push([...keys]);
  const known = keys.filter((key) => key < 100);
  return Promise.resolve(new Map(known.map((key) => [key, `is ${key}`])));
}

test("[P13] what is asked in one turn is one question, in which nothing is asked twice", async () => {
  const find = gathered(ask);
  const answers = Promise.all([1, 2, 1, 200].map(find));
  expect(await answers).toEqual(["is 1", "is 2", "is 1", undefined]);
  expect(asked).toEqual([[1, 2, 200]]);
  expect(await find(1)).toBe("is 1");
  expect(asked).toHaveLength(2);
});

test("[P13] a long question goes in portions, between which others have their turn", async () => {
  const find = gathered(ask, { keysMax: 2 });
  const answers = Promise.all([1, 2, 3, 4, 5].map(find));
  await aTurn();
  expect(asked).toEqual([[1, 2]]);
  expect(await answers).toHaveLength(5);
  expect(asked).toEqual([[1, 2], [3, 4], [5]]);
});

test("a question that fails is told to all who asked, and the next one is asked anew", async () => {
  let fails = true;
  const find = gathered((keys: readonly number[]) =>
    fails ? Promise.reject(new Error("the store is gone")) : ask(keys),
  );
  for (const one of await Promise.allSettled([find(1), find(2)])) {
    expect(one).toMatchObject({ reason: new Error("the store is gone") });
  }
  fails = false;
  expect(await find(1)).toBe("is 1");
});
