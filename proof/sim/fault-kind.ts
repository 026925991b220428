import type { Random } from "./random.ts";
import type { Wire } from "./wire.ts";
import type { World } from "./world.ts";

/** One kind of misfortune: what it does, and how it ends if it does not end by itself. */
export interface FaultKind {
  name: string;
  /** On average so long between two of them. */
  meanMs: number;
  /** Whether it can happen in this world. */
  fits: (world: World) => boolean;
  /** Does it; undefined when there was nothing to do it to. */
  strike: (world: World, random: Random) => Struck | undefined;
}

export interface Struck {
  target: string;
  /** It lasts as long as somebody believes in one of these. */
  wires?: readonly Wire[];
  /** For what lasts: how long, and what ends it. */
  lasts?: { ms: number; end: () => void };
}

export const always = (): boolean => true;
export const isCluster = (world: World): boolean => world.buses !== undefined;

/** A short while mostly, a long one now and then. */
export function aWhile(random: Random): number {
  return random.spread(100, 20_000);
}

export function anyWire(world: World, random: Random) {
  const wires = [...world.network.wires];
  return wires.length > 0 ? random.pick(wires) : undefined;
}

export function anyNode(world: World, random: Random) {
  const up = world.nodes.filter(({ isUp }) => isUp);
  return up.length > 0 ? random.pick(up) : undefined;
}

export function anyDevice(world: World, random: Random) {
  const open = world.devices.filter(
    ({ tab, isSignedOut }) => tab !== undefined && !isSignedOut,
  );
  return open.length > 0 ? random.pick(open) : undefined;
}
