import type { FaultKind } from "../world.ts";

/** What happens to the clients themselves. */
export const clientFaults: readonly FaultKind[] = [
  {
    name: "client kill -9",
    on: "both",
    needs: ["clients"],
    strike: async (world) => {
      const group = world.oneOf(world.groups);
      await world.during("client kill -9", group.name, async () => {
        await group.kill(world.now);
        await Bun.sleep(world.lasting(200, 3_000));
        await group.start();
      });
    },
  },
  {
    name: "client SIGSTOP",
    on: "both",
    needs: ["clients"],
    strike: async (world) => {
      const group = world.oneOf(world.groups);
      await world.during("client SIGSTOP", group.name, async () => {
        group.signal("SIGSTOP");
        await Bun.sleep(world.lasting(200, 10_000));
        group.signal("SIGCONT");
      });
    },
  },
  {
    name: "client reload",
    on: "both",
    needs: ["clients"],
    strike: async (world) => {
      const group = world.oneOf(world.groups);
      const devices = group.devices.filter(() => world.random() < 0.5);
      await world.during(
        "client reload",
        `${devices.length} of ${group.name}`,
        () => {
          for (const device of devices) group.tell({ do: "reload", device });
          return Promise.resolve();
        },
      );
    },
  },
  {
    name: "client unplugged",
    on: "both",
    needs: ["clients", "ways"],
    strike: async (world) => {
      const group = world.oneOf(world.groups);
      const device = world.oneOf(group.devices);
      const way = world.ways.get(device);
      await world.during("client unplugged", device, async () => {
        way?.weather("toServer", { isSwallowed: true });
        way?.weather("toClient", { isSwallowed: true });
        group.tell({ do: "unplug", device });
        await Bun.sleep(world.lasting(500, 8_000));
        way?.heal();
        group.tell({ do: "wake" });
      });
    },
  },
  {
    name: "repeated sends",
    on: "both",
    needs: ["clients"],
    strike: async (world) => {
      const forMs = world.lasting(1_000, 4_000);
      await world.during("repeated sends", "all clients", async () => {
        for (const group of world.groups) group.tell({ do: "repeat", forMs });
        await Bun.sleep(forMs);
      });
    },
  },
];
