import {
  keep,
  readKept,
  type KeyValueStorage,
} from "../settings/device-storage.ts";

/** A renewal that takes longer than this has failed, or its tab is gone. */
const renewingMsMax = 20_000;
const lookEveryMs = 100;

const storageKey = "parley.renewing";

/**
 * Does what gives this browser another session: an account is made of a guest,
 * a password is changed. The server ends the old one first, and with it the
 * connections of all tabs; they have to know that another is on its way.
 */
export async function renewing<Value>(
  act: () => Promise<Value>,
  storage?: KeyValueStorage,
): Promise<Value> {
  keep(storageKey, String(Date.now()), storage);
  try {
    return await act();
  } finally {
    keep(storageKey, undefined, storage);
  }
}

/** Resolves when no tab of this browser is about to get another session. */
export async function renewed(storage?: KeyValueStorage): Promise<void> {
  while (isRenewing(storage)) {
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}

function isRenewing(storage: KeyValueStorage | undefined): boolean {
  const since = Number(readKept(storageKey, storage) ?? 0);
  return Math.abs(Date.now() - since) < renewingMsMax;
}
