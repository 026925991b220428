import { beforeEach, expect, test } from "bun:test";
import { CommandQueue } from "./command-queue.ts";

let queue: CommandQueue;
let begun: string[];
let ends: Map<string, () => void>;

beforeEach(() => {
  queue = new CommandQueue();
  begun = [];
  ends = new Map();
});

/** Adds a command that goes on until `end`. */
function add(name: string, isPipelined: boolean): boolean {
  const start = (): Promise<void> => {
    begun.push(name);
    const { promise, resolve } = Promise.withResolvers<void>();
    ends.set(name, resolve);
    return promise;
  };
  return queue.add({ start, isPipelined });
}

async function end(name: string): Promise<void> {
  ends.get(name)?.();
  await new Promise((resolve) => setImmediate(resolve));
}

test("[O-2] pipelined commands start at once, in order, whichever ends first", async () => {
  for (const name of ["a", "b", "c"]) add(name, true);
  expect(begun).toEqual(["a", "b", "c"]);
  await end("b");
  expect(queue.size).toBe(2);
});

test("others start when all before them have ended, and hold up all after them", async () => {
  add("post 1", true);
  add("post 2", true);
  add("follow", false);
  add("post 3", true);
  expect(begun).toEqual(["post 1", "post 2"]);
  await end("post 2");
  expect(begun).toEqual(["post 1", "post 2"]);
  await end("post 1");
  expect(begun).toEqual(["post 1", "post 2", "follow"]);
  await end("follow");
  expect(begun).toEqual(["post 1", "post 2", "follow", "post 3"]);
});

test("paused, it takes commands and starts none until it resumes", () => {
  queue.pause();
  add("hello", false);
  add("post", true);
  expect(begun).toEqual([]);
  expect(queue.size).toBe(2);
  queue.resume();
  expect(begun).toEqual(["hello"]);
});

test("[J25] 64 are taken, the next is not, and room comes back with each that ends", async () => {
  for (let n = 0; n < 64; n += 1) expect(add(`${n}`, n % 2 === 0)).toBe(true);
  expect(add("one more", true)).toBe(false);
  await end("0");
  expect(add("now", true)).toBe(true);
  expect(add("again not", true)).toBe(false);
});

test("stopped, it starts nothing more and takes nothing more", async () => {
  add("running", false);
  add("waiting", true);
  queue.stop();
  await end("running");
  expect(begun).toEqual(["running"]);
  expect(add("late", true)).toBe(false);
  expect(queue.size).toBe(0);
});

test("idle means that all that was taken has ended", async () => {
  await queue.idle();
  add("a", true);
  add("b", false);
  let isIdle = false;
  void queue.idle().then(() => (isIdle = true));
  await end("a");
  expect(isIdle).toBe(false);
  await end("b");
  expect(isIdle).toBe(true);
});
