import type { KeyValueStorage } from "./storage.ts";

/**
 * Which sign-ins of whom this tab has taken part in. Whoever leaves, or learns
 * late that they have left, means those and no later one.
 */
const known = new WeakMap<KeyValueStorage, Map<string, string>>();

export function rememberLife(
  storage: KeyValueStorage,
  prefix: string,
  life: string,
): void {
  const lives = known.get(storage) ?? new Map<string, string>();
  known.set(storage, lives.set(prefix, life));
}

export function rememberedLife(
  storage: KeyValueStorage,
  prefix: string,
): string | null {
  return known.get(storage)?.get(prefix) ?? null;
}
