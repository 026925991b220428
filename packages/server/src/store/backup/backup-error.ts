/** A backup, a restore or a new epoch cannot be made; a sentence for the operator. */
export class BackupError extends Error {}

/** What the disk or SQLite said, as the end of a sentence in brackets. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = "code" in error ? String(error.code) : "";
  return reasons[code] ?? error.message;
}

const reasons: Record<string, string> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the quota is used up",
  EACCES: "this user may not",
  EPERM: "this user may not",
  EROFS: "the disk is read-only",
  SQLITE_FULL: "the disk is full",
  SQLITE_CANTOPEN: "this user may not open it",
  SQLITE_NOTADB: "it is not a database",
};
