import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ParleyProcess } from "../../packages/server/src/testing/parley-process.ts";
import {
  PostingClient,
  type SharedRun,
} from "../../packages/server/src/testing/posting-client.ts";
import { seededRandom } from "../../packages/server/src/testing/seeded-random.ts";
import {
  joinAs,
  roomsOf,
} from "../../packages/server/src/testing/test-guest.ts";
import { KeptLog, type Damage } from "./kept-log.ts";
import { Power } from "./power.ts";
import type { CutsReport } from "./report.ts";

const writerCount = 8;

/** Each always has one on its way: more would not be more cuts, only more rows. */
const inFlightMax = 1;

/** When the power goes, after the load has begun. */
const cutMsMin = 50;
const cutMsMax = 2_000;

export interface CutsAsked {
  cuts: number;
  seed: number;
  /** A part of what is not synced reaches the disk; otherwise nothing does. */
  isTorn: boolean;
  /** Ends at the first cut after which something is wrong. */
  untilLost?: boolean;
  /** No further cut after that. */
  secondsMax?: number;
  onCut?: (report: CutsReport) => void;
}

/**
 * Writers post without pause; the power of the real server is cut at a random
 * moment, it starts again on the same folder, and its database is compared with
 * what everybody was told. Again and again: the database grows over all of them.
 */
export async function cutsInARow(asked: CutsAsked): Promise<CutsReport> {
  const folder = mkdtempSync(path.join(tmpdir(), "parley-cuts-"));
  const run = new CutsRun(folder, asked);
  try {
    await run.cutAll();
  } catch (error) {
    // The loss may be of the people themselves: then nobody can come back.
    run.report.violations.push(`[P2] ended early: ${String(error)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return run.report;
}

class CutsRun {
  readonly report: CutsReport = {
    ...{ cuts: 0, seconds: 0, acknowledged: 0, lost: 0, badDatabases: 0 },
    ...{ violations: [], restartsMs: [], unanswered: 0, storedUnanswered: 0 },
    ...{ idleCuts: 0, tornCuts: null, stored: 0, databaseBytes: 0 },
  };
  readonly #asked: CutsAsked;
  readonly #power: Power;
  readonly #random: () => number;
  readonly #shared: SharedRun = { acknowledgedMax: 0, violations: [] };
  readonly #writers: PostingClient[] = [];
  readonly #start = performance.now();
  #startMs = 0;

  constructor(folder: string, asked: CutsAsked) {
    this.#asked = asked;
    this.#power = new Power({ folder, isTorn: asked.isTorn });
    this.#random = seededRandom(asked.seed);
    if (asked.isTorn) this.report.tornCuts = 0;
  }

  async cutAll(): Promise<void> {
    const { report } = this;
    const { cuts, untilLost = false, onCut } = this.#asked;
    const { secondsMax = Infinity } = this.#asked;
    const lobby = await this.#comeIn();
    const log = new KeptLog(this.#power.database, lobby);
    let unanswered: string[] = [];
    while (report.cuts < cuts && report.seconds < secondsMax) {
      await using parley = await this.#restart(log, unanswered);
      if (untilLost && report.violations.length > 0) return;
      await this.#resume(parley);
      unanswered = await this.#cutUnderLoad(parley, lobby);
      onCut?.(report);
    }
    // Once more without a cut: everything gets its answer, and stands there once.
    await using parley = await this.#restart(log, unanswered);
    await this.#resume(parley);
    await Promise.all(this.#writers.map((writer) => writer.settle(lobby)));
    parley.signal("SIGTERM");
    await parley.exited;
    this.#note(log.check(this.#writers, { wholly: true }));
    for (const { attempts, acknowledged } of this.#writers) {
      if (attempts.size === acknowledged.size) continue;
      const missing = attempts.size - acknowledged.size;
      report.violations.push(`[L-1] ${missing} posts were never answered`);
    }
    report.stored = this.#acknowledged;
    report.databaseBytes = statSync(this.#power.database).size;
  }

  /** Makes the writers, each with a session of its own, and answers their room. */
  async #comeIn(): Promise<string> {
    await using parley = await this.#power.start();
    for (let number = 0; number < writerCount; number += 1) {
      const name = `Writer ${number}`;
      const guest = await joinAs(parley, name);
      this.#writers.push(
        new PostingClient(name, guest, this.#shared, { inFlightMax }),
      );
    }
    const guest = await joinAs(parley, "Reader");
    const [lobby] = (await roomsOf(parley, guest)).rooms;
    if (lobby === undefined) throw new Error("there is no lobby");
    // Who came in is checkpointed: not every loss must be of that kind.
    parley.signal("SIGTERM");
    await parley.exited;
    return lobby.stream;
  }

  /** Looks at the database that the last cut left before anybody may write to it. */
  async #restart(
    log: KeptLog,
    unanswered: readonly string[],
  ): Promise<ParleyProcess> {
    this.#note(log.check(this.#writers));
    const stored = unanswered.filter((cid) => log.isStored(cid));
    this.report.storedUnanswered += stored.length;
    const start = performance.now();
    const parley = await this.#power.start();
    this.#startMs = performance.now() - start;
    return parley;
  }

  async #resume(parley: ParleyProcess): Promise<void> {
    const start = performance.now();
    await Promise.all(this.#writers.map((writer) => writer.connect(parley)));
    this.report.restartsMs.push(this.#startMs + performance.now() - start);
  }

  async #cutUnderLoad(parley: ParleyProcess, lobby: string): Promise<string[]> {
    const { report } = this;
    const before = this.#acknowledged;
    const wait = cutMsMin + this.#random() * (cutMsMax - cutMsMin);
    const seed = Math.floor(this.#random() * 2 ** 32);
    for (const writer of this.#writers) writer.start(lobby);
    await Bun.sleep(wait);
    const { unsynced } = await this.#power.cut(parley, seed);
    await Promise.all(this.#writers.map((writer) => writer.close()));
    const unanswered = this.#writers.flatMap((writer) => writer.unanswered);
    report.cuts += 1;
    report.seconds = (performance.now() - this.#start) / 1_000;
    report.unanswered += unanswered.length;
    report.acknowledged = this.#acknowledged;
    const isIdle = this.#acknowledged === before || unanswered.length === 0;
    if (isIdle) report.idleCuts += 1;
    if (unsynced !== null && unsynced > 0 && report.tornCuts !== null) {
      report.tornCuts += 1;
    }
    return unanswered;
  }

  #note({ violations, isBad, lost }: Damage): void {
    const { report } = this;
    if (isBad) report.badDatabases += 1;
    report.lost += lost;
    const all = [...violations, ...this.#shared.violations.splice(0)];
    report.violations.push(
      ...all.map((words) => `${words} (after cut ${report.cuts})`),
    );
  }

  get #acknowledged(): number {
    return this.#writers.reduce((sum, one) => sum + one.acknowledged.size, 0);
  }
}
