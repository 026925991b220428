import { join } from "node:path";
import type { Peer } from "./peer.ts";
import { spawnServer } from "./server-process.ts";
import { simpleWire } from "./simple-wire.ts";

const program = join(import.meta.dirname, "ws.mjs");

/** The most used WebSocket library of Node, in its own broadcast example. */
export const ws: Peer = {
  name: "ws",
  title: "ws on Node",
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
      server: { ...running, loadOptions: simpleWire(running.port) },
    };
  },
};
