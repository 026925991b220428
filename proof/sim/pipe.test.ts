import { expect, test } from "bun:test";
import { Pipe } from "./pipe.ts";
import { Random } from "./random.ts";
import { Owner, VirtualTime } from "./virtual-time.ts";

function scene() {
  const time = new VirtualTime();
  const receiver = new Owner("receiver");
  const heard: string[] = [];
  const pipe = new Pipe<string>({
    time,
    random: new Random(1),
    weather: { latencyMs: 10, jitterMs: 30 },
    network: new Owner("network"),
    receiver: () => receiver,
    arrived: (what) => heard.push(what),
  });
  return { time, receiver, heard, pipe };
}

test("what is put into a line comes out in order, whatever the jitter", () => {
  const { time, heard, pipe } = scene();
  const words = Array.from({ length: 50 }, (_, n) => String(n));
  for (const word of words) pipe.put(word, 1);
  time.pass(9);
  expect(heard).toEqual([]);
  time.pass(100);
  expect(heard).toEqual(words);
});

test("a line that is cut at a byte loses the frame that holds it, and all behind it", () => {
  const { time, heard, pipe } = scene();
  let isTold = false;
  pipe.cutAfter(25, () => {
    isTold = true;
  });
  pipe.put("one", 10);
  pipe.put("two", 10);
  time.pass(100);
  pipe.put("three", 10);
  pipe.put("four", 1);
  time.pass(200);
  expect(heard).toEqual(["one", "two"]);
  expect(isTold).toBe(true);
});

test("a line that stalls keeps everything until it flows again", () => {
  const { time, heard, pipe } = scene();
  pipe.stall();
  pipe.put("one", 7);
  time.pass(1_000);
  expect(heard).toEqual([]);
  expect(pipe.waitingBytes).toBe(7);
  pipe.flow();
  time.pass(1_001);
  expect(heard).toEqual(["one"]);
  expect(pipe.waitingBytes).toBe(0);
});

test("what comes to who stands still waits for them; what comes to the dead is lost", () => {
  const { time, heard, pipe, receiver } = scene();
  receiver.freeze();
  pipe.put("one", 1);
  time.pass(100);
  expect(heard).toEqual([]);
  time.thaw(receiver);
  time.pass(101);
  expect(heard).toEqual(["one"]);
  receiver.die();
  pipe.put("two", 1);
  time.pass(300);
  expect(heard).toEqual(["one"]);
});
