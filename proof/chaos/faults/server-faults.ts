import type { Supervised, Surroundings } from "../supervisor.ts";
import type { FaultKind, World } from "../world.ts";

/** What happens to the server processes, wherever their data is. */
export const serverFaults: readonly FaultKind[] = [
  {
    ...kind("server kill -9"),
    strike: async (world) => {
      const { server } = world.oneOf(world.nodes);
      // Under the power-cut library it would be one.
      if (isUnderPowerCut(server)) await restart(world, server, {});
      await kill(world, server, {});
    },
  },
  {
    ...kind("server SIGTERM"),
    strike: async (world) => {
      const { server } = world.oneOf(world.nodes);
      await restart(world, server, server.lived);
    },
  },
  {
    ...kind("server SIGSTOP"),
    strike: async (world) => {
      const { server } = world.oneOf(world.nodes);
      const ms = world.lasting(100, 20_000);
      await world.during(
        "server SIGSTOP",
        server.node,
        async () => {
          server.signal("SIGSTOP");
          await Bun.sleep(ms);
          server.signal("SIGCONT");
        },
        { ms },
      );
    },
  },
  {
    ...kind("all servers kill -9"),
    on: "several",
    strike: async (world) => {
      await world.during("all servers kill -9", "all nodes", async () => {
        const servers = world.nodes.map(({ server }) => server);
        await Promise.all(servers.map((server) => server.end("SIGKILL")));
        await Promise.all(servers.map((server) => server.startAgain()));
      });
    },
  },
  {
    ...kind("rolling restart"),
    on: "several",
    strike: async (world) => {
      await world.during("rolling restart", "all nodes", async () => {
        for (const { server } of world.nodes) {
          await server.end("SIGTERM");
          await server.startAgain();
        }
      });
    },
  },
];

function kind(name: string): Pick<FaultKind, "name" | "on" | "needs"> {
  return { name, on: "both", needs: ["servers"] };
}

/** Kills a server; a life under the power-cut library loses what was not synced. */
export async function kill(
  world: World,
  server: Supervised,
  next: Surroundings,
): Promise<void> {
  const name = isUnderPowerCut(server) ? "power cut" : "server kill -9";
  await world.during(name, server.node, async () => {
    await server.end("SIGKILL");
    await Bun.sleep(world.lasting(1, 2_000));
    server.surroundings = next;
    await server.startAgain();
  });
}

/** A stop and a start, with other things around it. */
export async function restart(
  world: World,
  server: Supervised,
  next: Surroundings,
): Promise<void> {
  await world.during("server SIGTERM", server.node, async () => {
    await server.end("SIGTERM");
    server.surroundings = next;
    await server.startAgain();
  });
}

export function isUnderPowerCut({ lived }: Supervised): boolean {
  const libraries = lived.preload ?? [];
  return libraries.some((library) => library.includes("power-cut"));
}
