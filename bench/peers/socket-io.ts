import { join } from "node:path";
import type { Peer } from "./peer.ts";
import { spawnServer } from "./server-process.ts";

const program = join(import.meta.dirname, "socket-io.mjs");

/** Socket.IO, over WebSocket alone so that no time goes into long-polling. */
export const socketIo: Peer = {
  name: "socket.io",
  title: "Socket.IO on Node",
  isDurable: false,
  async start({ isPinned }) {
    const node = Bun.which("node");
    if (node === null) {
      return { status: "missing", reason: "node is not installed" };
    }
    const running = await spawnServer({
      command: (port) => [node, program, String(port)],
      isPinned,
    });
    return {
      status: "running",
      server: { ...running, loadOptions: socketIoWire(running.port) },
    };
  },
};

/**
 * Engine.IO 4 in its bare frames: 40 connects to the namespace and is answered
 * with the session's id, 42 is an event, and 2 is a ping that wants a 3.
 */
function socketIoWire(port: number): string[] {
  return [
    ...["--port", String(port)],
    ...["--path", "/socket.io/?EIO=4&transport=websocket"],
    ...["--hello", "40", "--ready", '40{"sid"'],
    ...["--ping", "2", "--pong", "3"],
    "--post",
    '42["message",{"email":"p{n}@example.org","username":"p{n}","message":"{body}"}]',
  ];
}
