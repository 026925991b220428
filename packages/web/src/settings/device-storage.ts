/** What this module needs of localStorage; tests give their own. */
export type KeyValueStorage = Pick<
  Storage,
  "getItem" | "setItem" | "removeItem"
>;

/** The same, where all keys have to be looked through. */
export type ListedStorage = KeyValueStorage & Pick<Storage, "key" | "length">;

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

/** Forgets all that is kept under this person's name: drafts, places. */
export function forgetAbout(
  person: string,
  storage: ListedStorage | undefined = deviceStorage(),
): void {
  try {
    const keys = Array.from({ length: storage?.length ?? 0 }, (_, index) =>
      storage?.key(index),
    );
    for (const key of keys) {
      if (key?.split(".").includes(person)) storage?.removeItem(key);
    }
  } catch {
    // What cannot be read was not kept either.
  }
}

/** Reading the property alone throws where a person has forbidden storage. */
function deviceStorage(): ListedStorage | undefined {
  try {
    return localStorage;
  } catch {
    return undefined;
  }
}
