import {
  always,
  anyDevice,
  anyNode,
  aWhile,
  isCluster,
  type FaultKind,
} from "./fault-kind.ts";

/** What happens to servers and pages themselves, and to whoever uses them. */
export const machineFaults: readonly FaultKind[] = [
  {
    name: "server kill -9",
    meanMs: 9_000,
    fits: always,
    strike: (world, random) => {
      const node = anyNode(world, random);
      if (node === undefined) return undefined;
      const wires = world.killNode(node, random.chance(0.2));
      const ms = random.spread(20, 8_000);
      const lasts = { ms, end: () => node.start() };
      return { target: node.name, wires, lasts };
    },
  },
  {
    name: "all servers kill -9",
    meanMs: 20_000,
    fits: isCluster,
    strike: (world, random) => {
      const up = world.nodes.filter(({ isUp }) => isUp);
      if (up.length === 0) return undefined;
      const isSilent = random.chance(0.2);
      const wires = up.flatMap((node) => world.killNode(node, isSilent));
      return {
        target: "all",
        wires,
        lasts: {
          ms: random.spread(20, 8_000),
          end: () => {
            for (const node of up) node.start();
          },
        },
      };
    },
  },
  {
    name: "server stands still",
    meanMs: 10_000,
    fits: always,
    strike: (world, random) => {
      const owner = anyNode(world, random)?.owner;
      if (owner === undefined || owner.isFrozen) return undefined;
      owner.freeze();
      return {
        target: owner.name,
        lasts: { ms: aWhile(random), end: () => world.time.thaw(owner) },
      };
    },
  },
  {
    name: "page stands still",
    meanMs: 10_000,
    fits: always,
    strike: (world, random) => {
      const tab = anyDevice(world, random)?.tab;
      if (tab === undefined || tab.isFrozen) return undefined;
      tab.freeze();
      return {
        target: tab.name,
        lasts: { ms: aWhile(random), end: () => world.time.thaw(tab) },
      };
    },
  },
  {
    name: "page crashes",
    meanMs: 7_000,
    fits: always,
    strike: (world, random) => {
      const device = anyDevice(world, random);
      if (device === undefined) return undefined;
      const wires = device.crash(random.chance(0.3));
      return {
        target: device.name,
        wires,
        lasts: {
          ms: random.spread(10, 8_000),
          end: () => {
            device.boot();
          },
        },
      };
    },
  },
  {
    name: "page reloaded",
    meanMs: 7_000,
    fits: always,
    strike: (world, random) => {
      const device = anyDevice(world, random);
      device?.browser.hide();
      device?.crash(false);
      device?.boot();
      return device && { target: device.name };
    },
  },
  {
    name: "clock jump",
    meanMs: 8_000,
    fits: always,
    strike: (world, random) => {
      const byMs = random.pick([-7_200_000, 7_200_000, -30_000, 86_400_000]);
      const node = random.chance(0.5) ? random.pick(world.nodes) : undefined;
      const device = random.pick(world.devices);
      if (node) node.jumpClock(byMs);
      else device.jumpClock(byMs);
      return { target: node?.name ?? device.name };
    },
  },
  {
    name: "sign-out",
    meanMs: 25_000,
    fits: always,
    strike: (world, random) => {
      const device = anyDevice(world, random);
      // Somebody has to be left to talk to.
      const left = world.devices.filter(({ isSignedOut }) => !isSignedOut);
      if (device === undefined || left.length < 3) return undefined;
      device.signOut();
      return { target: device.name };
    },
  },
  {
    name: "suspension",
    meanMs: 25_000,
    fits: always,
    strike: (world, random) => {
      const owner = world.devices.find(
        ({ person, isSignedOut }) => person.role === "owner" && !isSignedOut,
      );
      const victim = anyDevice(world, random)?.person;
      if (owner === undefined || victim === undefined) return undefined;
      const theirs = world.devices.filter(({ person }) => person === victim);
      const left = world.devices.filter(
        (device) => !device.isSignedOut && !theirs.includes(device),
      );
      if (victim.role === "owner" || left.length < 2) return undefined;
      owner.suspend(victim.id, () => {
        for (const device of theirs) device.sessionEnded();
      });
      return { target: victim.name };
    },
  },
];
