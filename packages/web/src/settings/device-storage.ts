/** What this module needs of localStorage; tests give their own. */
export type KeyValueStorage = Pick<
  Storage,
  "getItem" | "setItem" | "removeItem"
>;

/**
 * Reads a value kept on this device. Storage may be full, forbidden or filled
 * by an older version: whatever goes wrong, the page works as on its first day.
 */
export function readKept(
  key: string,
  storage: KeyValueStorage | undefined = deviceStorage(),
): string | undefined {
  try {
    return storage?.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Keeps a value on this device, or forgets it when it is undefined. */
export function keep(
  key: string,
  value: string | undefined,
  storage: KeyValueStorage | undefined = deviceStorage(),
): void {
  try {
    if (value === undefined) storage?.removeItem(key);
    else storage?.setItem(key, value);
  } catch {
    // It is kept for as long as the page is open, in whoever asked for this.
  }
}

/** Reading the property alone throws where a person has forbidden storage. */
function deviceStorage(): KeyValueStorage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
