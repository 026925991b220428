import type { Surroundings } from "../supervisor.ts";
import { inject, whyNoTracer } from "../tracer.ts";
import type { FaultKind, World } from "../world.ts";
import { isUnderPowerCut, kill, restart } from "./server-faults.ts";

/** What happens to the disk under the one server on SQLite. */
export const diskFaults: readonly FaultKind[] = [
  {
    ...kind("power cut"),
    missing: (world) =>
      powerCutIn(world) === undefined
        ? "no C compiler for the library that drops what was not synced"
        : undefined,
    strike: async (world) => {
      const library = powerCutIn(world) ?? "";
      const { server } = world.oneOf(world.nodes);
      if (!isUnderPowerCut(server)) {
        await restart(world, server, { preload: [library] });
        await Bun.sleep(world.lasting(500, 2_000));
      }
      // Now and then a kernel writes before it is asked to.
      const next: Surroundings[] = [
        {},
        { preload: [library] },
        {
          preload: [library],
          environment: { POWER_CUT_WRITES_BACK: "1" },
        },
      ];
      await kill(world, server, world.oneOf(next));
    },
  },
  {
    ...kind("full disk"),
    missing: whyNoTracer,
    strike: async (world) => {
      const { server } = world.oneOf(world.nodes);
      // The power-cut library holds writes back until a sync, which cannot say
      // "full" any more: there it would be a failing fsync.
      if (isUnderPowerCut(server)) await restart(world, server, {});
      await traced(world, "full disk", {
        calls: "pwrite64",
        injection: "error=ENOSPC",
        forMs: world.lasting(500, 4_000),
      });
    },
  },
  {
    ...kind("slow fsync"),
    missing: whyNoTracer,
    strike: (world) =>
      traced(world, "slow fsync", {
        calls: "fsync,fdatasync",
        injection: "delay_enter=200000",
        forMs: world.lasting(1_000, 5_000),
      }),
  },
  {
    ...kind("failing fsync"),
    missing: whyNoTracer,
    strike: async (world) => {
      const { server } = world.oneOf(world.nodes);
      const { lives } = server;
      await world.during("failing fsync", server.node, async () => {
        server.expectExit(true);
        const detach = await inject(
          server,
          "fsync,fdatasync",
          "error=EIO:when=1+",
        );
        // It may not go on after that, so it ends, and is started again.
        const until = performance.now() + 5_000;
        while (server.lives === lives && performance.now() < until) {
          await Bun.sleep(20);
        }
        await detach();
        await server.startAgain();
      });
    },
  },
];

function kind(name: string): Pick<FaultKind, "name" | "on" | "needs"> {
  return { name, on: "alone", needs: ["servers"] };
}

function powerCutIn({ place: { ground } }: World): string | undefined {
  return ground.kind === "sqlite" ? ground.powerCut : undefined;
}

async function traced(
  world: World,
  name: string,
  how: { calls: string; injection: string; forMs: number },
): Promise<void> {
  const { server } = world.oneOf(world.nodes);
  const { calls, injection, forMs } = how;
  await world.during(
    name,
    server.node,
    async () => {
      const detach = await inject(server, calls, injection);
      await Bun.sleep(forMs);
      await detach();
    },
    { forMs },
  );
}
