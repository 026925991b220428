import {
  always,
  anyNode,
  aWhile,
  isCluster,
  type FaultKind,
  type Struck,
} from "./fault-kind.ts";
import type { Random } from "./random.ts";
import type { World } from "./world.ts";

/** An older database in place of the newer one: what was said in between is lost. */
export const restoreKind = "older database restored";

/** What happens to what the nodes stand on: the database, and the bus between them. */
export const groundFaults: readonly FaultKind[] = [
  {
    name: "disk full",
    meanMs: 12_000,
    fits: always,
    strike: (world, random) => troubleOfStore(world, random, "full"),
  },
  {
    name: "disk slow",
    meanMs: 12_000,
    fits: always,
    strike: (world, random) => troubleOfStore(world, random, "slow"),
  },
  {
    name: "database away",
    meanMs: 10_000,
    fits: isCluster,
    strike: (world, random) => troubleOfStore(world, random, "away"),
  },
  {
    name: "bus loses, doubles and delays",
    meanMs: 6_000,
    fits: isCluster,
    strike: (world, random) => {
      const { buses } = world;
      if (buses === undefined || buses.trouble.isDown) return undefined;
      buses.trouble = {
        lost: random.pick([0, 0.1, 0.5, 1]),
        doubled: random.pick([0, 0.3]),
        delayMsMax: random.pick([2, 50, 1_000]),
        isDown: false,
      };
      return {
        target: "bus",
        lasts: { ms: aWhile(random), end: () => buses.calm() },
      };
    },
  },
  {
    name: "bus away",
    meanMs: 12_000,
    fits: isCluster,
    strike: (world, random) => {
      const { buses } = world;
      if (buses === undefined || buses.trouble.isDown) return undefined;
      buses.trouble = { ...buses.trouble, isDown: true };
      buses.changed();
      return {
        target: "bus",
        lasts: { ms: aWhile(random), end: () => buses.calm() },
      };
    },
  },
  {
    name: "node cut off from the bus",
    meanMs: 10_000,
    fits: isCluster,
    strike: (world, random) => {
      const owner = anyNode(world, random)?.owner;
      const { buses } = world;
      if (owner === undefined || buses === undefined) return undefined;
      buses.cutOff(owner, true);
      return {
        target: owner.name,
        lasts: { ms: aWhile(random), end: () => buses.cutOff(owner, false) },
      };
    },
  },
  {
    name: restoreKind,
    meanMs: 14_000,
    fits: always,
    strike: (world, random) => {
      const restored = world.restoreBackup();
      if (restored === undefined) return undefined;
      const { nodes, wires } = restored;
      const ms = random.spread(20, 4_000);
      const end = (): void => {
        for (const node of nodes) node.start();
      };
      return { target: "database", wires, lasts: { ms, end } };
    },
  },
];

function troubleOfStore(
  world: World,
  random: Random,
  kind: "full" | "slow" | "away",
): Struck | undefined {
  const { storeTrouble } = world;
  if (storeTrouble.kind !== "none") return undefined;
  storeTrouble.kind = kind;
  return {
    target: "database",
    lasts: {
      ms: aWhile(random),
      end: () => {
        storeTrouble.kind = "none";
      },
    },
  };
}
