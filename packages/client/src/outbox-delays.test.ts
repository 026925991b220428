import { expect, test } from "bun:test";
import { ann, createScene, lobby } from "./testing/scene.ts";

// After a refusal or a silence the outbox waits; not longer than it has to.

test("[L-2] what stands behind a message does not wait any longer once its event is here", () => {
  const { server, wire, enter } = createScene();
  const visit = enter(ann);
  server.refuse = ({ command }) =>
    command["text"] === "first"
      ? { code: "unavailable", retryAfterMs: 60_000 }
      : null;
  const cid = visit.chat.post(lobby, "first");
  visit.chat.post(lobby, "second");
  wire.advance(1_000);
  expect(visit.pending()).toEqual(["first", "second"]);
  // It was stored after all, as by another tab that sent the same.
  server.post(ann, lobby, "first", cid);
  wire.advance(1_000);
  expect(visit.pending()).toEqual([]);
  expect(server.messages(lobby).map(({ text }) => text)).toEqual([
    "first",
    "second",
  ]);
});

test("[L-2] whoever is told that the machine woke tries at once what was refused a moment ago", () => {
  const { server, wire, enter } = createScene();
  const visit = enter(ann);
  server.refuse = () => ({ code: "unavailable", retryAfterMs: 60_000 });
  visit.chat.post(lobby, "now");
  wire.advance(1_000);
  server.refuse = () => null;
  wire.advance(1_000);
  expect(visit.pending()).toEqual(["now"]);
  visit.device.wake();
  wire.flush();
  expect(visit.pending()).toEqual([]);
});
