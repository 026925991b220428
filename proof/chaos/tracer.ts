import type { Supervised } from "./supervisor.ts";

/** Why nothing can be injected into system calls here. */
export function whyNoTracer(): string | undefined {
  if (Bun.which("strace") === null) return "strace is not installed";
  const { exitCode } = Bun.spawnSync(["strace", "-o", "/dev/null", "true"], {
    stderr: "ignore",
  });
  return exitCode === 0 ? undefined : "strace may not trace here";
}

/**
 * From now on these system calls of a server come out as `injection` says.
 * Resolves, when it has taken hold, with what ends it.
 */
export async function inject(
  { pid }: Supervised,
  calls: string,
  injection: string,
): Promise<() => Promise<void>> {
  const tracer = Bun.spawn(
    [
      ...["setpriv", "--pdeathsig", "TERM"],
      ...["strace", "-f", "-p", String(pid), "-o", "/dev/null"],
      ...["-e", `trace=${calls}`, "-e", `inject=${calls}:${injection}`],
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  // It says "attached" when it has all threads, or why it has none.
  const reader = tracer.stderr.getReader();
  await reader.read();
  reader.releaseLock();
  return async () => {
    tracer.kill("SIGTERM");
    await tracer.exited;
  };
}
