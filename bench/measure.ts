import { runLoad, type LoadReport } from "./load.ts";
import type { Peer, StartOptions } from "./peers/peer.ts";

/** What one start of one server came to. */
export type Outcome<Result = LoadReport> =
  | { status: "measured"; report: Result }
  | { status: "missing"; reason: string }
  | { status: "failed"; reason: string };

/** Lets the generator at a server that is running. */
export type RunLoad = (loadOptions: readonly string[]) => Promise<LoadReport>;

/** Starts the server, measures it, and stops it again. */
export async function measure<Result>(
  peer: Peer,
  start: StartOptions,
  use: (run: RunLoad) => Promise<Result>,
): Promise<Outcome<Result>> {
  try {
    const started = await peer.start(start);
    if (started.status === "missing") return started;
    await using server = started.server;
    const report = await use((loadOptions) =>
      runLoad([
        ...server.loadOptions,
        ...["--pid", String(server.pid), "--connections", String(start.people)],
        ...loadOptions,
      ]),
    );
    return { status: "measured", report };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { status: "failed", reason: reason.split("\n")[0] ?? reason };
  }
}
