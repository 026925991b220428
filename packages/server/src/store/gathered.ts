export interface GatheredOptions {
  /** Keys of one question; more become several, a turn of the event loop apart. */
  keysMax?: number;
}

/**
 * Gathers the questions of one turn of the event loop into one: a storm of
 * reconnecting clients asks the same few things all at once. `setImmediate`
 * and not a microtask, because each socket's message is a turn of its own for
 * those.
 */
export function gathered<Key, Value>(
  ask: (keys: readonly Key[]) => Promise<Map<Key, Value>>,
  { keysMax = Infinity }: GatheredOptions = {},
): (key: Key) => Promise<Value | undefined> {
  let keys = new Set<Key>();
  let answers: Promise<Map<Key, Value>> | undefined;
  const askAll = (): Promise<Map<Key, Value>> => {
    const wanted = keys;
    keys = new Set();
    answers = undefined;
    return wanted.size <= keysMax
      ? ask([...wanted])
      : askInPortions(ask, [...wanted], keysMax);
  };
  return async (key) => {
    keys.add(key);
    answers ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        askAll().then(resolve, reject);
      });
    });
    return (await answers).get(key);
  };
}

/** So that nobody else waits until a question about thousands is answered. */
async function askInPortions<Key, Value>(
  ask: (keys: readonly Key[]) => Promise<Map<Key, Value>>,
  keys: readonly Key[],
  size: number,
): Promise<Map<Key, Value>> {
  const all = new Map<Key, Value>();
  for (let from = 0; from < keys.length; from += size) {
    if (from > 0) await aTurn();
    for (const [key, value] of await ask(keys.slice(from, from + size))) {
      all.set(key, value);
    }
  }
  return all;
}

/** Lets everything else have its turn. */
export function aTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
