import type { ChatModel } from "./chat-model.ts";
import type { Env, Timer } from "./env.ts";
import type { PersonStorage } from "./person-storage.ts";
import {
  nothingWritten,
  snapshotPrefix,
  snapshotRecords,
  type Snapshot,
} from "./snapshot.ts";

export interface SnapshotSaver {
  /** What is known has changed. */
  changed(): void;
  /** At once: the page may be ended without another word. */
  flush(): void;
  /** This tab saves from now on, and no other. */
  begin(): void;
  end(): void;
}

/** Between two writes; a busy room would otherwise keep the disk busy. */
const saveEveryMs = 1_000;
/** After a refusal another tab saves; if that has gone, this one does. */
const againMs = 30_000;

const holderKey = `${snapshotPrefix}holder`;

/**
 * Keeps what is known on the device. One tab does: each save is guarded by its
 * name, so that records of two tabs never get mixed.
 */
export function createSnapshotSaver(parts: {
  env: Env;
  storage: PersonStorage;
  /** Null while what is known does not belong together. */
  snapshot: () => Snapshot | null;
}): SnapshotSaver {
  const { env, storage } = parts;
  let holder: string | null = null;
  let saves = 0;
  let written = nothingWritten;
  /** Of the last save; the same model again is not worth a write. */
  let last: { model: ChatModel; marks: string } | null = null;
  let isBusy = false;
  let timer: Timer = null;

  function schedule(ms: number) {
    if (holder === null || timer !== null) return;
    timer = env.setTimer(ms, () => {
      timer = null;
      save();
    });
  }

  function save() {
    const snapshot = parts.snapshot();
    const ours = holder;
    if (ours === null || snapshot === null) return;
    if (isBusy) {
      schedule(saveEveryMs);
      return;
    }
    const marks = JSON.stringify([...snapshot.marks]);
    if (last?.model === snapshot.model && last.marks === marks) return;
    saves += 1;
    const before = written;
    const next = snapshotRecords(snapshot, before, `${ours} ${saves}`);
    const isFirst = before === nothingWritten;
    if (isFirst) next.puts.set(holderKey, ours);
    isBusy = true;
    last = { model: snapshot.model, marks };
    written = next.written;
    storage.write(
      {
        ...(isFirst ? { clears: [snapshotPrefix] } : {}),
        ...(isFirst ? {} : { guards: new Map([[holderKey, ours]]) }),
        deletes: next.deletes,
        puts: next.puts,
      },
      (outcome) => {
        isBusy = false;
        if (ours !== holder || outcome === "written") return;
        // What is there now is not known: the next save writes all of it.
        written = nothingWritten;
        last = null;
        schedule(againMs);
      },
    );
  }

  return {
    changed: () => schedule(saveEveryMs),
    flush() {
      env.clearTimer(timer);
      timer = null;
      save();
    },
    begin() {
      holder = newName(env);
      written = nothingWritten;
      last = null;
      schedule(saveEveryMs);
    },
    end() {
      holder = null;
      env.clearTimer(timer);
      timer = null;
    },
  };
}

function newName(env: Env): string {
  return Array.from(env.randomBytes(8), (byte) => byte.toString(36)).join(".");
}
