import type { Settled, WriteRequest } from "../commit-batch.ts";
import type { Founded } from "../found.ts";
import type { CommittedEvent } from "../store.ts";

// What the main thread and the writing Worker say to each other.

export type ToWorker =
  | { kind: "open"; file: string; lobbyName: string }
  | { kind: "run"; requests: WriteRequest[] }
  | { kind: "close" };

export type FromWorker =
  | { kind: "opened"; founded: Founded }
  | { kind: "refused to open"; message: string }
  | { kind: "committed"; settled: Settled[]; events: CommittedEvent[] }
  /** The transaction failed: nothing of these was stored. */
  | { kind: "failed"; ids: number[]; reason: FailureReason; message: string }
  | { kind: "closed" };

/**
 * Full: the disk has no room, all else is well. Broken: the disk failed; what a
 * later sync would say is not to be trusted, so the process must end (P3).
 */
export type FailureReason = "full" | "busy" | "broken";
