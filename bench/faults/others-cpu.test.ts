import { expect, test } from "bun:test";
import { ownSeconds } from "./others-cpu.ts";

test("what a child used is one's own while it runs, and still when it has ended", async () => {
  const before = ownSeconds();
  const child = Bun.spawn(["sh", "-c", "while :; do :; done"]);
  // It ends with a failure of the test's own time limit, should it never count.
  while (ownSeconds() - before < 0.3) await Bun.sleep(10);
  child.kill("SIGKILL");
  await child.exited;
  expect(ownSeconds() - before).toBeGreaterThan(0.29);
});
