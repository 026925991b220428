import { expect, test } from "bun:test";
import { Owner, VirtualTime } from "./virtual-time.ts";

test("[P25] what is due comes in the order of its time, and of one time in the order asked for", () => {
  const time = new VirtualTime();
  const heard: string[] = [];
  const say = (word: string) => () => heard.push(`${word} at ${time.now}`);
  time.after(20, say("late"));
  time.after(10, say("first"));
  time.after(10, say("second"));
  const cancelled = time.after(5, say("never"));
  time.cancel(cancelled);
  time.pass(15);
  expect(heard).toEqual(["first at 10", "second at 10"]);
  time.pass(100);
  expect(heard.at(-1)).toBe("late at 20");
  expect(time.now).toBe(100);
});

test("[P25] a step is a turn of the event loop: all its microtasks run before the next", () => {
  const time = new VirtualTime();
  const heard: string[] = [];
  time.after(1, () => {
    void (async () => {
      for (let n = 0; n < 5; n += 1) await Promise.resolve();
      heard.push("microtasks");
    })();
  });
  time.after(1, () => heard.push("next"));
  time.pass(1);
  expect(heard).toEqual(["microtasks", "next"]);
});

test("[P15] what stands still goes on later, in order; what follows from it is done in its name", () => {
  const time = new VirtualTime();
  const server = new Owner("server");
  const heard: string[] = [];
  time.after(
    1,
    () => time.after(1, () => heard.push(`two at ${time.now}`)),
    server,
  );
  time.after(3, () => heard.push(`three at ${time.now}`), server);
  time.pass(1);
  server.freeze();
  time.pass(50);
  expect(heard).toEqual([]);
  time.thaw(server);
  time.pass(60);
  expect(heard).toEqual(["two at 50", "three at 50"]);
});

test("[P1] of what was killed nothing happens any more", () => {
  const time = new VirtualTime();
  const server = new Owner("server");
  let beats = 0;
  time.run(server, () => {
    time.every(10, () => {
      beats += 1;
    });
  });
  time.pass(35);
  expect(beats).toBe(3);
  server.die();
  time.pass(100);
  expect(beats).toBe(3);
});
