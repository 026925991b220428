import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";

/**
 * The process that holds a data folder, as the system knows it; 0: none.
 * Undefined where that cannot be told. Trying the lock would tell too, but a
 * server that starts in that moment would be refused.
 */
export function holderOf(folder: string): number | undefined {
  const file = path.join(folder, "lock.db");
  if (!existsSync(file)) return 0;
  try {
    const { ino } = statSync(file, { bigint: true });
    const locks = readFileSync("/proc/locks", "utf8");
    for (const line of locks.split("\n")) {
      // "1: POSIX  ADVISORY  WRITE 4711 08:01:123456 1073741824 1073742335"
      const [, pid, inode] =
        /\bWRITE\s+(\d+)\s+\w+:\w+:(\d+)\s/.exec(line) ?? [];
      if (inode === String(ino)) return Number(pid);
    }
    return 0;
  } catch {
    return undefined;
  }
}
