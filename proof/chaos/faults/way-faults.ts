import type {
  Direction,
  FaultProxy,
  Weather,
} from "../../../packages/server/src/testing/fault-proxy.ts";
import type { FaultKind, World } from "../world.ts";

/** What happens to the connections of clients. */
export const wayFaults: readonly FaultKind[] = [
  cut("client cut: FIN", (way) => {
    way.cut("fin");
  }),
  cut("client cut: RST", (way) => {
    way.cut("rst");
  }),
  {
    ...kind("client cut at byte k"),
    strike: async (world) => {
      const { target, ways } = world.someWays();
      const direction = oneWay(world);
      const bytes = 1 + Math.floor(world.random() * 4_096);
      const how = world.random() < 0.5 ? "fin" : "rst";
      await world.during(
        "client cut at byte k",
        target,
        async () => {
          for (const way of ways) way.cutAfter(direction, bytes, how);
          await Bun.sleep(world.lasting(500, 3_000));
          heal(ways);
        },
        { direction, bytes, how },
      );
    },
  },
  weather("client stall", { isStalled: true }, [500, 20_000]),
  weather("client silent drop", { isSwallowed: true }, [500, 20_000]),
  weather("client delay", { delayMs: 150, jitterMs: 300 }, [1_000, 8_000]),
  weather("client 1-byte slices", { sliceBytes: 1 }, [500, 3_000]),
  {
    ...kind("slow reader"),
    strike: async (world) => {
      const { target, ways } = world.someWays();
      await world.during("slow reader", target, async () => {
        for (const way of ways) way.weather("toClient", { isStalled: true });
        await Bun.sleep(world.lasting(3_000, 20_000));
        heal(ways);
      });
    },
  },
  {
    ...kind("client refused"),
    strike: async (world) => {
      const { target, ways } = world.someWays();
      await world.during("client refused", target, async () => {
        for (const way of ways) {
          way.refuse(true);
          way.cut("rst");
        }
        await Bun.sleep(world.lasting(500, 5_000));
        heal(ways);
      });
    },
  },
  {
    ...kind("ack loss"),
    strike: async (world) => {
      const { target, ways } = world.someWays();
      const cutsOf = () => ways.reduce((sum, { cuts }) => sum + cuts, 0);
      await world.during("ack loss", target, async () => {
        const before = cutsOf();
        for (const way of ways) way.loseAnswer();
        const until = performance.now() + 3_000;
        while (cutsOf() < before + ways.length && performance.now() < until) {
          await Bun.sleep(20);
        }
        heal(ways);
      });
    },
  },
  {
    ...kind("reconnect storm"),
    strike: async (world) => {
      await world.during("reconnect storm", "all clients", async () => {
        for (const way of world.ways.values()) way.cut("rst");
        await Bun.sleep(300);
        for (const group of world.groups) group.tell({ do: "wake" });
      });
    },
  },
];

function kind(name: string): Pick<FaultKind, "name" | "on" | "needs"> {
  return { name, on: "both", needs: ["ways"] };
}

function cut(name: string, act: (way: FaultProxy) => void): FaultKind {
  return {
    ...kind(name),
    strike: async (world) => {
      const { target, ways } = world.someWays();
      await world.during(name, target, () => {
        for (const way of ways) act(way);
        return Promise.resolve();
      });
    },
  };
}

function weather(
  name: string,
  change: Partial<Weather>,
  [minMs, maxMs]: [number, number],
): FaultKind {
  return {
    ...kind(name),
    strike: async (world) => {
      const { target, ways } = world.someWays();
      const directions = someDirections(world);
      await world.during(
        name,
        target,
        async () => {
          for (const way of ways) {
            for (const direction of directions) way.weather(direction, change);
          }
          await Bun.sleep(world.lasting(minMs, maxMs));
          heal(ways);
        },
        { directions: directions.join(" and ") },
      );
    },
  };
}

function heal(ways: readonly FaultProxy[]): void {
  for (const way of ways) way.heal();
}

function oneWay(world: World): Direction {
  return world.random() < 0.5 ? "toServer" : "toClient";
}

function someDirections(world: World): Direction[] {
  return world.random() < 0.5 ? ["toServer", "toClient"] : [oneWay(world)];
}
