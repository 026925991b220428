import type { Fault, RunRecord } from "./run-record.ts";

/** Milliseconds from the moment a post was to be written until it was seen. */
export interface DeliveryTimes {
  /** While nothing was wrong, or had been. */
  before: number[];
  /** Of what was on its way while a fault lasted. */
  during: number[];
  /** Of what was written in the two seconds after a fault. */
  mending: number[];
  /** Of what was written later. */
  after: number[];
}

const mendMs = 2_000;

/** Deliveries to clients of another node than the one that answered the author. */
export function crossDeliveries(record: RunRecord): DeliveryTimes {
  const times: DeliveryTimes = {
    ...{ before: [], during: [], mending: [], after: [] },
  };
  for (const { cid, at: seenAt, node } of record.sights) {
    const post = record.posts.get(cid);
    if (post?.ack === undefined || post.ack.node === node) continue;
    times[phase(record.faults, post.at, seenAt)].push(seenAt - post.at);
  }
  return times;
}

/** From the intended moment until the acknowledgement, by the same phases. */
export function answerTimes(record: RunRecord): DeliveryTimes {
  const times: DeliveryTimes = {
    ...{ before: [], during: [], mending: [], after: [] },
  };
  for (const { at, ack } of record.posts.values()) {
    if (ack === undefined) continue;
    times[phase(record.faults, at, ack.at)].push(ack.at - at);
  }
  return times;
}

function phase(
  faults: readonly Fault[],
  from: number,
  to: number,
): keyof DeliveryTimes {
  if (faults.some((fault) => from < fault.to && to > fault.from)) {
    return "during";
  }
  const last = faults.findLast((fault) => fault.to <= from);
  if (last === undefined) return "before";
  return from < last.to + mendMs ? "mending" : "after";
}

/**
 * How long after each fault the first post was acknowledged: 0 when that was
 * before we had noticed that it was over. `sinceMs` is for how long at least,
 * before its end, nothing can have succeeded.
 */
export function firstSuccesses(
  { posts, faults }: RunRecord,
  sinceMs: number,
): number[] {
  const acks = [...posts.values()]
    .flatMap(({ ack }) => ack?.at ?? [])
    .toSorted((a, b) => a - b);
  return faults.map(({ to }) => {
    const first = acks.find((at) => at > to - sinceMs);
    return first === undefined ? Infinity : Math.max(0, first - to);
  });
}

/** The value below which this share of them lies; NaN of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(sorted.length * share));
  return sorted[rank - 1] ?? Number.NaN;
}
