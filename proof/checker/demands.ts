import type { Counts } from "./check-history.ts";
import type { Devices } from "./devices.ts";
import type { Demands } from "./options.ts";

/** What a run should have done and did not, in words. */
export function unmetDemands(
  demands: Partial<Demands>,
  counts: Counts,
  devices: Devices,
): string[] {
  const { acknowledged, faults, posts, unknown, quietLooks } = counts;
  const { acknowledgedMin, faultKinds, reconnectsMin, unknownMax } = demands;
  const reasons: string[] = [];
  if (quietLooks < (demands.quietLooksMin ?? 0)) {
    reasons.push("nobody looked at the screens when all was quiet");
  }
  if (acknowledged < (acknowledgedMin ?? 0)) {
    reasons.push(
      `${acknowledged} messages were acknowledged, and ${acknowledgedMin ?? 0} were asked for`,
    );
  }
  if (counts.deletions < (demands.deletionsMin ?? 0)) {
    reasons.push(`${counts.deletions} messages were deleted`);
  }
  if (counts.removals < (demands.removalsMin ?? 0)) {
    reasons.push(`${counts.removals} times somebody was taken out of a room`);
  }
  for (const kind of faultKinds ?? []) {
    if (!(kind in faults)) reasons.push(`"${kind}" never happened`);
  }
  if (reconnectsMin !== undefined) {
    for (const device of devices.all.values()) {
      const { c, isBooted, isLate, welcomes, endedAt } = device;
      if (!isBooted || isLate || endedAt < Infinity) continue;
      if (welcomes > reconnectsMin) continue;
      const count = Math.max(0, welcomes - 1);
      reasons.push(`${c} came back ${count} times, not ${reconnectsMin}`);
    }
  }
  if (unknownMax !== undefined && unknown > posts * unknownMax) {
    reasons.push(`of ${unknown} of ${posts} posts nobody knows the outcome`);
  }
  return reasons;
}
