/** The words on the command line make no sense. */
export class UsageError extends Error {}

export function refuseMore([word]: readonly string[]): void {
  if (word !== undefined) {
    throw new UsageError(`"${withoutPassword(word)}" is one word too many.`);
  }
}

/** An address may have come to the wrong place. */
export function withoutPassword(word: string): string {
  return word.replace(/:\/\/.*@/, "://…@");
}
