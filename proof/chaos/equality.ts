import type { ClientGroup } from "./client-group.ts";
import type { DeviceStatus } from "./plan.ts";

const pollMs = 20;

/**
 * Waits until every client is live, has nothing on its way, and all know each
 * stream up to the same number. Says what is missing when that takes too long.
 */
export async function untilEqual(
  groups: readonly ClientGroup[],
  msMax: number,
): Promise<string | undefined> {
  const deadline = performance.now() + msMax;
  for (;;) {
    const lack = await difference(groups);
    if (lack === undefined || performance.now() > deadline) return lack;
    await Bun.sleep(pollMs);
  }
}

/**
 * Marks go out one by one, with pauses. One whose answer was lost is settled by
 * its event, of which nobody here hears: that is not waited for for ever.
 */
export async function untilMarked(
  groups: readonly ClientGroup[],
  msMax: number,
): Promise<void> {
  const deadline = performance.now() + msMax;
  while (performance.now() < deadline) {
    const all = await Promise.all(groups.map((group) => group.status()));
    if (all.every((status) => status?.marking === 0)) return;
    await Bun.sleep(pollMs);
  }
}

/** Up to where each room is known. */
export async function headsOf(
  groups: readonly ClientGroup[],
): Promise<Map<string, number>> {
  const all = await Promise.all(groups.map((group) => group.status()));
  const devices = all.flatMap((status) => Object.values(status?.devices ?? {}));
  return new Map(devices.flatMap(({ heads }) => Object.entries(heads)));
}

async function difference(
  groups: readonly ClientGroup[],
): Promise<string | undefined> {
  const known = new Map<string, number>();
  for (const group of groups) {
    const status = await group.status();
    if (status === undefined) return `${group.name} does not answer`;
    for (const [name, device] of Object.entries(status.devices)) {
      const lack = lackOf(device) ?? otherNumber(device, known);
      if (lack !== undefined) return `${name} ${lack}`;
    }
  }
  return undefined;
}

function lackOf(device: DeviceStatus): string | undefined {
  const { isLive, pending, doing } = device;
  if (!isLive) return "is not live";
  if (doing > 0) return `waits for ${doing} answers`;
  return pending === 0 ? undefined : `has ${pending} messages on their way`;
}

/** Up to where it knows a room, or where its person's mark stands. */
function otherNumber(
  { heads, reads }: DeviceStatus,
  known: Map<string, number>,
): string | undefined {
  for (const [what, number] of Object.entries({ ...heads, ...reads })) {
    const other = known.get(what) ?? number;
    known.set(what, other);
    if (other !== number) {
      return `has ${what} at ${number}, another at ${other}`;
    }
  }
  return undefined;
}
