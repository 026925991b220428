import { expect, test } from "bun:test";
import { ann, bob, createScene, lobby } from "./testing/scene.ts";

test("[U-1] [U-2] a mark of a log that is no more counts for nothing in the next one", () => {
  for (const hasReloaded of [false, true]) {
    const { server, wire, enter } = createScene();
    const browser = wire.browser();
    const before = enter(ann, { browser });
    before.chat.open(lobby);
    for (let n = 0; n < 10; n += 1) server.post(bob, lobby, `lost ${n}`);
    wire.flush();
    server.refuse = ({ command }) =>
      command["type"] === "read.mark" ? { code: "unavailable" } : null;
    before.chat.markRead(lobby, before.room().head);
    wire.advance(1_500);
    before.device.isOnline = false;
    before.device.cut(1001);
    wire.advance(1_500);
    if (hasReloaded) before.device.crash();
    // Restored from before these ten were said; others are said since.
    server.refuse = () => null;
    restore(server, 10);
    for (let n = 0; n < 3; n += 1) server.post(bob, lobby, `new ${n}`);
    const visit = hasReloaded ? enter(ann, { browser }) : before;
    visit.device.isOnline = true;
    visit.device.wake();
    wire.advance(60_000);
    const head = server.events(lobby, ann).length;
    expect(visit.room().head).toBe(head);
    expect(visit.room().read).toBeLessThanOrEqual(head);
    expect(visit.room().unread).toBe(server.unread(ann, lobby));
    expect(server.unread(ann, lobby)).toBe(3);
  }
});

function restore(
  server: ReturnType<typeof createScene>["server"],
  without: number,
) {
  server.epoch = "e2";
  const events = server.events(lobby, ann) as unknown[];
  events.splice(events.length - without);
}
