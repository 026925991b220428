import { rm } from "node:fs/promises";
import { join } from "node:path";
import { spawnServer, type ServerProcess } from "../peers/server-process.ts";
import type { QuestionCounts } from "./count-questions.ts";

const root = join(import.meta.dirname, "..", "..");

export interface CountedServer extends ServerProcess {
  /** performance.now() at which the process was started. */
  startedAt: number;
  /** What it has asked its database so far. */
  questions: () => Promise<QuestionCounts>;
  /** Ends it as a crash would. Resolves when it is gone. */
  kill: () => Promise<void>;
}

/** Parley on this folder, with its limits off and its questions counted. */
export async function startCounted(options: {
  data: string;
  port: number;
  isPinned: boolean;
}): Promise<CountedServer> {
  const { data, port, isPinned } = options;
  const file = join(data, "questions.json");
  await rm(file, { force: true });
  const startedAt = performance.now();
  const server = await spawnServer({
    command: () => [
      ...[process.execPath, "--preload", "./bench/storm/count-questions.ts"],
      ...["packages/server/src/main.ts", "serve"],
      ...["--port", String(port), "--data", data],
    ],
    port,
    cwd: root,
    env: { PARLEY_LIMITS: "off", BENCH_QUESTIONS: file },
    isPinned,
    healthPath: "/healthz",
  });
  return {
    ...server,
    startedAt,
    questions: async () => {
      const counts = Bun.file(file);
      if (!(await counts.exists())) return {};
      return (await counts.json()) as QuestionCounts;
    },
    kill: async () => {
      process.kill(server.pid, "SIGKILL");
      // Waits for its end, which has come.
      await server[Symbol.asyncDispose]();
    },
  };
}
