/**
 * Gathers the questions of one turn of the event loop into one: a storm of
 * reconnecting clients asks the same few things all at once. `setImmediate`
 * and not a microtask, because each socket's message is a turn of its own for
 * those.
 */
export function gathered<Key, Value>(
  ask: (keys: readonly Key[]) => Promise<Map<Key, Value>>,
): (key: Key) => Promise<Value | undefined> {
  let keys: Key[] = [];
  let answers: Promise<Map<Key, Value>> | undefined;
  return async (key) => {
    keys.push(key);
    answers ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        const asked = [...new Set(keys)];
        keys = [];
        answers = undefined;
        ask(asked).then(resolve, reject);
      });
    });
    return (await answers).get(key);
  };
}
