import { existsSync, writeFileSync } from "node:fs";
import type { FaultKind } from "../world.ts";
import { restart } from "./server-faults.ts";

const libraries = [
  "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
  "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
  "/usr/lib64/faketime/libfaketimeMT.so.1",
];

const jumps = ["-2h", "+2h", "-1d", "+1d", "+30s", "-30s"];

/** What happens to the wall clock of one server. */
export const clockFaults: readonly FaultKind[] = [
  {
    name: "clock jump",
    on: "both",
    needs: ["servers"],
    missing: () =>
      libraryHere() === undefined ? "libfaketime is not installed" : undefined,
    strike: async (world) => {
      const { server } = world.oneOf(world.nodes);
      const stamp = `${server.logFile}.clock`;
      const usual = server.lived;
      writeFileSync(stamp, "+0");
      await restart(world, server, {
        preload: [libraryHere() ?? ""],
        environment: {
          FAKETIME_TIMESTAMP_FILE: stamp,
          FAKETIME_NO_CACHE: "1",
          DONT_FAKE_MONOTONIC: "1",
        },
      });
      for (let jump = 0; jump < 3; jump += 1) {
        const by = world.oneOf(jumps);
        await world.during(
          "clock jump",
          server.node,
          async () => {
            writeFileSync(stamp, by);
            await Bun.sleep(world.lasting(300, 1_500));
            writeFileSync(stamp, "+0");
          },
          { by },
        );
      }
      await restart(world, server, usual);
    },
  },
];

function libraryHere(): string | undefined {
  return libraries.find((library) => existsSync(library));
}
