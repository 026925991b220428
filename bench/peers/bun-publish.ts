import { join } from "node:path";
import type { Peer } from "./peer.ts";
import { spawnServer } from "./server-process.ts";
import { simpleWire } from "./simple-wire.ts";

const program = join(import.meta.dirname, "bun-publish-server.ts");

/** The floor: what Bun's own publish costs, with nothing around it. */
export const bunPublish: Peer = {
  name: "bun",
  title: "bare Bun publish (floor)",
  isDurable: false,
  async start({ isPinned }) {
    const running = await spawnServer({
      command: (port) => [process.execPath, program, String(port)],
      isPinned,
    });
    return {
      status: "running",
      server: { ...running, loadOptions: simpleWire(running.port) },
    };
  },
};
