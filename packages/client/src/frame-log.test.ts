import { expect, test } from "bun:test";
import { createFrameLog } from "./frame-log.ts";
import { ann, createScene } from "./testing/scene.ts";

test("the wire's report names the node while there is a connection, where there are several", () => {
  const { env } = createScene().wire.device(ann);
  const log = createFrameLog({ env, url: "wss://chat.example/ws", changed });
  expect(log.report().node).toBeNull();
  log.connected("parley.v1");
  log.welcomed({ handshake: null, node: "node-2" });
  expect(log.report().node).toBe("node-2");
  log.disconnected();
  expect(log.report().node).toBeNull();
  log.welcomed({ handshake: null, node: null });
  expect(log.report()).toMatchObject({ node: null, reconnects: 1 });
});

function changed(): void {
  // Nobody draws here.
}
