import { expect, test } from "bun:test";
import { ann, createScene, type Scene, type Visit } from "./testing/scene.ts";

// What failed before says nothing of the server that answers now.

function waitingAttempt({ chat }: Visit): number {
  const { connection } = chat.state;
  if (connection.status !== "waiting") throw new Error(connection.status);
  return connection.attempt;
}

/** Tries again and again while nobody answers. */
function failOften(visit: Visit, { wire }: Scene): void {
  visit.device.isOnline = false;
  visit.device.cut();
  wire.advance(120_000);
  expect(visit.chat.state.connection.status).not.toBe("live");
}

test("[L-2] after a wake the waits begin anew, also when nobody answers yet", () => {
  const scene = createScene();
  const visit = scene.enter(ann);
  failOften(visit, scene);
  visit.device.wake();
  scene.wire.flush();
  expect(waitingAttempt(visit)).toBeLessThanOrEqual(1);
});

test("[L-2] a server that answers with another log has its client live again within 2 seconds, however long it was away", () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const scene = createScene(seed);
    const { server, wire } = scene;
    const visit = scene.enter(ann);
    failOften(visit, scene);
    server.epoch = "another1";
    visit.device.isOnline = true;
    const { connection } = visit.chat.state;
    // To the end of the last wait that grew while nobody answered.
    if (connection.status === "waiting") {
      wire.advance(connection.retryAt - wire.now());
    }
    wire.advance(2_000);
    expect(visit.chat.state.connection.status).toBe("live");
  }
});
