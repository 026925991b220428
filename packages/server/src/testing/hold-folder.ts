import { lockFolder } from "../store/sqlite/folder-lock.ts";

// Run by folder-lock.test.ts as a process of its own: holds a folder until it
// is killed.

lockFolder(process.argv[2] ?? "");
process.stdout.write("held\n");
setInterval(() => undefined, 1_000);
