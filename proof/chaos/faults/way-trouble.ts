import type {
  Direction,
  FaultProxy,
  Weather,
} from "../../../packages/server/src/testing/fault-proxy.ts";
import type { Node } from "../place.ts";
import type { FaultKind, Resource, World } from "../world.ts";

const bothWays: readonly Direction[] = ["toServer", "toClient"];

/** What happens between one node and what it stands on. */
export function troubleOnTheWay(
  what: string,
  resource: Resource,
  wayOf: (node: Node) => FaultProxy | undefined,
): readonly FaultKind[] {
  const between = (
    trouble: string,
    strike: (world: World, name: string) => Promise<void>,
  ): FaultKind => {
    const name = `${what} ${trouble}`;
    return {
      ...{ name, on: "several", needs: [resource] },
      strike: (world) => strike(world, name),
    };
  };
  const weather = (
    trouble: string,
    directions: (world: World) => readonly Direction[],
    change: Partial<Weather>,
  ): FaultKind =>
    between(trouble, async (world, name) => {
      const node = world.oneOf(world.nodes);
      const way = wayOf(node);
      await world.during(name, node.server.node, async () => {
        for (const one of directions(world)) way?.weather(one, change);
        await Bun.sleep(world.lasting(500, 8_000));
        way?.heal();
      });
    });
  return [
    weather("cut off, both ways", () => bothWays, { isSwallowed: true }),
    weather("cut off, one way", (world) => [world.oneOf(bothWays)], {
      isSwallowed: true,
    }),
    weather("stalled", () => bothWays, { isStalled: true }),
    weather("slow", () => bothWays, { delayMs: 40, jitterMs: 80 }),
    between("connections reset", async (world, name) => {
      const node = world.oneOf(world.nodes);
      await world.during(name, node.server.node, () => {
        wayOf(node)?.cut("rst");
        return Promise.resolve();
      });
    }),
  ];
}
