/** Domains as people type them: by commas or spaces, with or without an @. */
export function readDomains(typed: string): string[] {
  const words = typed
    .toLowerCase()
    .split(/[\s,;，、；]+/u)
    .map((word) => word.replace(/^@/u, ""));
  return [...new Set(words.filter((word) => word !== ""))];
}
