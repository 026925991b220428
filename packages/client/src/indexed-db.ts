import { createJottings } from "./jottings.ts";
import type { Batch, KeyValueStorage, Records } from "./storage.ts";

const databaseName = "parley";
const storeName = "records";

/**
 * The browser's own database as records by key. One transaction per call, which
 * IndexedDB runs one after the other, in all tabs.
 */
export function indexedDbStorage(): KeyValueStorage {
  let opening: Promise<IDBDatabase> | null = null;
  const jottings = createJottings();

  /** Opened when first needed, and again after the browser has closed it. */
  function database(): Promise<IDBDatabase> {
    if (opening !== null) return opening;
    const attempt = openDatabase(() => {
      if (opening === attempt) opening = null;
    });
    opening = attempt;
    attempt.catch(() => {
      if (opening === attempt) opening = null;
    });
    return attempt;
  }

  return {
    load(prefix, done) {
      void database()
        .then((opened) => readAll(opened, prefix))
        .then((records) => new Map([...jottings.load(prefix), ...records]))
        .catch(() => {
          const jotted = jottings.load(prefix);
          return jotted.size > 0 ? jotted : null;
        })
        .then(done);
    },
    jot: (key, value) => jottings.jot(key, value),
    write(batch, done) {
      for (const prefix of batch.clears ?? []) jottings.clear(prefix);
      void database()
        .then((opened) => writeAll(opened, batch))
        .then((isDone) => (isDone ? "written" : "refused"))
        .catch(() => "failed" as const)
        .then(done);
    },
  };
}

function openDatabase(closed: () => void): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    // Reading the property alone may throw where storage is forbidden.
    const request = indexedDB.open(databaseName, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(storeName);
    };
    request.onsuccess = () => {
      const opened = request.result;
      const close = () => {
        opened.close();
        closed();
      };
      // A newer page wants another form of it, or it is being deleted.
      opened.onversionchange = close;
      opened.onclose = close;
      resolve(opened);
    };
    request.onerror = () => reject(asError(request.error));
    request.onblocked = () => reject(asError(null));
  });
}

function readAll(database: IDBDatabase, prefix: string): Promise<Records> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(storeName, "readonly");
    const store = transaction.objectStore(storeName);
    // Both questions are about one moment: they are in one transaction.
    const keys = store.getAllKeys(range(prefix));
    const values = store.getAll(range(prefix));
    transaction.oncomplete = () =>
      resolve(
        new Map(
          keys.result.map((key, index): [string, unknown] => [
            key as string,
            values.result[index],
          ]),
        ),
      );
    transaction.onabort = () => reject(asError(transaction.error));
  });
}

/** Resolves to false when a guard did not hold. */
function writeAll(
  database: IDBDatabase,
  { guards, clears = [], deletes = [], puts }: Batch,
): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(storeName, "readwrite");
    const store = transaction.objectStore(storeName);
    const checks = [...(guards ?? [])];
    let isRefused = false;

    function check() {
      const [guard] = checks.splice(0, 1);
      if (guard === undefined) {
        writeNow();
        return;
      }
      const [key, value] = guard;
      const request = store.get(key);
      request.onsuccess = () => {
        if (request.result === value) check();
        else isRefused = true;
      };
    }

    function writeNow() {
      for (const prefix of clears) store.delete(range(prefix));
      for (const key of deletes) store.delete(key);
      for (const [key, value] of puts ?? []) store.put(value, key);
    }

    transaction.oncomplete = () => resolve(!isRefused);
    transaction.onabort = () => reject(asError(transaction.error));
    check();
  });
}

/** Keys that begin so: U+FFFF sorts behind every character that a key has. */
function range(prefix: string): IDBKeyRange {
  return IDBKeyRange.bound(prefix, `${prefix}\uffff`);
}

function asError(error: DOMException | null): Error {
  return error ?? new Error("The browser's database cannot be used.");
}
