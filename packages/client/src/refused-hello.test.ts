import { expect, test } from "bun:test";
import { ann, createScene } from "./testing/scene.ts";

test("[P9] a hello that the server cannot answer just now is said again within 20 seconds, and sooner when the tab is shown", () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const { server, wire, enter } = createScene(seed);
    const { chat, device } = enter(ann);
    server.say({
      ...{ type: "error", id: 1, code: "unavailable", retryable: true },
      ...{ message: "Try again.", retryAfterMs: 1_000 },
    });
    wire.flush();
    const waiting = chat.state.connection;
    if (waiting.status !== "waiting") throw new Error(waiting.status);
    expect(waiting.retryAt - wire.now()).toBeLessThanOrEqual(1_000);
    device.wake();
    wire.flush();
    expect(chat.state.connection.status).toBe("live");
  }
});
