import { expect, test } from "bun:test";
import type { Sockets } from "../../packages/server/src/socket/sockets.ts";
import type { SocketData } from "../../packages/server/src/socket/socket.ts";
import type { Listener } from "./listener.ts";
import { ServerSocket } from "./server-socket.ts";
import { VirtualTime } from "./virtual-time.ts";

function scene() {
  const line = { waits: 0, isStalled: false };
  let drains = 0;
  const handlers = { drain: () => (drains += 1) };
  const socket = new ServerSocket({
    data: {} as SocketData,
    listener: {} as unknown as Listener,
    handlers: handlers as unknown as Sockets["handlers"],
    way: {
      open: () => undefined,
      end: () => undefined,
      send: (_, bytes) => (line.waits += bytes),
      get backlogBytes() {
        return line.isStalled ? line.waits : 0;
      },
    },
    time: new VirtualTime(),
    weight: 1,
  });
  const take = () => {
    line.isStalled = false;
    line.waits = 0;
    socket.taken();
    return drains;
  };
  return { socket, line, take };
}

test("one frame that a stalled line does not take is followed by a drain", () => {
  const { socket, line, take } = scene();
  line.isStalled = true;
  socket.send("welcome");
  expect(socket.getBufferedAmount()).toBeGreaterThan(0);
  expect(take()).toBe(1);
});

test("so is a frame that was on its way when the line stalled", () => {
  const { socket, line, take } = scene();
  socket.send("welcome");
  line.isStalled = true;
  expect(socket.getBufferedAmount()).toBeGreaterThan(0);
  expect(take()).toBe(1);
});

test("where nothing waited, nothing is drained", () => {
  const { socket, take } = scene();
  socket.send("welcome");
  expect(socket.getBufferedAmount()).toBe(0);
  expect(take()).toBe(0);
});
