/** What has ended: stored, discarded, or tried again under another cid. */
export interface FinishedCids {
  add(cid: string): void;
  has(cid: string): boolean;
}

/** Late news are late by seconds: older ones need not be remembered. */
const cidsMax = 10_000;

/** Late news of these must not bring them back; bounded, as pages stay open. */
export function createFinishedCids(): FinishedCids {
  const cids = new Set<string>();
  return {
    add(cid) {
      cids.add(cid);
      if (cids.size <= cidsMax) return;
      for (const oldest of [...cids].slice(0, cidsMax / 2)) cids.delete(oldest);
    },
    has: (cid) => cids.has(cid),
  };
}
