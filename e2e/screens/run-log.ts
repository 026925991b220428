import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { RunFiles } from "./seen.ts";
import { now } from "./tab.ts";

/** Where a run leaves what happened in it. Kept when PARLEY_SCREENS_KEEP is set. */
export class RunLog implements Disposable {
  readonly folder = mkdtempSync(path.join(tmpdir(), "parley-screens-"));
  readonly data = path.join(this.folder, "data");
  readonly counts = new Map<string, number>();
  readonly #events = path.join(this.folder, "events.ndjson");

  fileOf(tab: string): string {
    return path.join(this.folder, `${tab}.ndjson`);
  }

  fault(kind: string, target: string, is: "on" | "off"): void {
    if (is === "on") this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
    this.#write({ t: now(), k: "fault", kind, target, is });
  }

  server(is: "started" | "ready" | "exited"): void {
    this.#write({ t: now(), k: "server", node: "one", is, injected: true });
  }

  phase(is: "begun" | "healed" | "equal" | "over"): void {
    this.#write({ t: now(), k: "phase", is });
  }

  end(run: Omit<RunFiles, "database" | "events">): void {
    const files: RunFiles = {
      ...run,
      database: path.join(this.data, "parley.db"),
      events: this.#events,
    };
    const file = path.join(this.folder, "run.json");
    writeFileSync(file, JSON.stringify(files, undefined, 2));
  }

  [Symbol.dispose](): void {
    if (process.env["PARLEY_SCREENS_KEEP"] === undefined) {
      rmSync(this.folder, { recursive: true, force: true });
    } else console.log(`the run's records are in ${this.folder}`);
  }

  #write(event: object): void {
    appendFileSync(this.#events, `${JSON.stringify(event)}\n`);
  }
}
