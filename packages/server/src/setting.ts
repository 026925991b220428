/** A setting: where it is given, what it does, and how it is read. */
export interface Setting<Value> {
  variable: string;
  defaultText: string;
  sentence: string;
  read: (text: string) => Value;
  /** Its value may hold a password and is never shown. */
  isSecret: boolean;
}

export function setting<Value>(
  variable: string,
  defaultText: string,
  sentence: string,
  read: (text: string) => Value,
): Setting<Value> {
  return { variable, defaultText, sentence, read, isSecret: false };
}

/** One whose value may hold a password. */
export function secretSetting<Value>(
  ...parts: Parameters<typeof setting<Value>>
): Setting<Value> {
  return { ...setting(...parts), isSecret: true };
}
