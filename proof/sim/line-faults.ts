import {
  always,
  anyDevice,
  anyWire,
  aWhile,
  type FaultKind,
} from "./fault-kind.ts";

const told = ["page", "server", "nobody"] as const;

/** What happens to the lines between pages and nodes. */
export const lineFaults: readonly FaultKind[] = [
  {
    name: "connection reset",
    meanMs: 4_000,
    fits: always,
    strike: (world, random) => {
      const wire = anyWire(world, random);
      wire?.reset();
      return wire && { target: wire.client.name };
    },
  },
  {
    name: "cut at a byte",
    meanMs: 3_000,
    fits: always,
    strike: (world, random) => {
      const wire = anyWire(world, random);
      if (wire === undefined) return undefined;
      const direction = random.pick(["up", "down"] as const);
      const how = random.pick(told);
      wire.cutAfter(direction, Math.floor(random.spread(1, 4_096)), () => {
        if (random.chance(0.7)) wire.reset();
        else wire.forget(how);
      });
      return { target: wire.client.name, wires: [wire] };
    },
  },
  {
    name: "half-open connection",
    meanMs: 12_000,
    fits: always,
    strike: (world, random) => {
      const wire = anyWire(world, random);
      wire?.forget(random.pick(told));
      return wire && { target: wire.client.name, wires: [wire] };
    },
  },
  {
    name: "answer lost",
    meanMs: 3_000,
    fits: always,
    strike: (world, random) => {
      // What goes up still arrives; what would come down does not.
      const wire = anyWire(world, random);
      if (wire === undefined) return undefined;
      wire.cutAfter("down", 0, () => {
        wire.reset();
      });
      return { target: wire.client.name, wires: [wire] };
    },
  },
  {
    name: "stalled connection",
    meanMs: 6_000,
    fits: always,
    strike: (world, random) => {
      const wire = anyWire(world, random);
      if (wire === undefined) return undefined;
      wire.stall(random.pick(["up", "down"] as const));
      const ms = aWhile(random);
      return {
        target: wire.client.name,
        lasts: {
          ms,
          end: () => {
            wire.flow();
          },
        },
      };
    },
  },
  {
    name: "device offline",
    meanMs: 10_000,
    fits: always,
    strike: (world, random) => {
      const device = anyDevice(world, random);
      if (device === undefined || device.browser.isOffline) return undefined;
      const { browser } = device;
      const isTold = random.chance(0.5);
      browser.isOffline = true;
      for (const { tab } of world.tabsOf(browser)) world.network.stallAll(tab);
      if (isTold) browser.unplug();
      return {
        target: device.name,
        lasts: {
          ms: aWhile(random),
          end: () => {
            browser.isOffline = false;
            for (const { tab } of world.tabsOf(browser)) {
              world.network.flowAll(tab);
            }
            if (isTold) browser.wake();
          },
        },
      };
    },
  },
  {
    name: "requests lost",
    meanMs: 12_000,
    fits: always,
    strike: (world, random) => {
      const { network } = world;
      network.requestTrouble = {
        lost: random.pick([0, 0.3]),
        answerLost: random.pick([0.1, 0.5]),
        late: random.pick([0, 0.5]),
      };
      return {
        target: "network",
        lasts: {
          ms: aWhile(random),
          end: () => {
            network.calmRequests();
          },
        },
      };
    },
  },
  {
    name: "command repeated",
    meanMs: 2_000,
    fits: always,
    strike: (world) => {
      const target = world.repeatCommand();
      return target === undefined ? undefined : { target };
    },
  },
];
