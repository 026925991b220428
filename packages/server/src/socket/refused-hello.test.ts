import { ParleyError } from "@parley/protocol";
import { expect, test } from "bun:test";
import { room, settle, SmallWorld } from "../testing/small-world.ts";

test("[L-3] after a hello that the store could not answer, a follow does not ask it for ever", async () => {
  const steps = 4;
  for (let step = 1; step <= steps; step += 1) {
    const world = new SmallWorld();
    world.happenings.set(step, () => {
      throw new ParleyError("unavailable", { retryAfterMs: 1_000 });
    });
    const socket = world.connect(0);
    await settle();
    const before = world.steps;
    // An end to what otherwise never ends.
    for (let later = 200; later < 400; later += 1) {
      world.happenings.set(before + later, () => {
        throw new Error("asked for ever");
      });
    }
    if (!socket.isClosed) {
      socket.say({ type: "follow", id: 2, stream: room, cursor: null });
    }
    await settle();
    expect({ step, isEndless: world.steps - before > 100 }).toEqual({
      step,
      isEndless: false,
    });
  }
});
