import type { ChatModel } from "./chat-model.ts";
import type { Env } from "./env.ts";
import { createLeadership, type Leadership } from "./leadership.ts";
import type { Outbox } from "./outbox.ts";
import type { OutboxItem } from "./outbox-item.ts";
import {
  createOutboxStore,
  outboxItemsIn,
  type OutboxStore,
} from "./outbox-store.ts";
import { createPersonStorage, prefixOf } from "./person-storage.ts";
import { createSnapshotSaver } from "./snapshot-saver.ts";
import { snapshotIn, type Snapshot } from "./snapshot.ts";
import { memoryStorage } from "./storage.ts";
import {
  alone,
  openTabs,
  tabsName,
  type OutboxNews,
  type Tabs,
} from "./tabs.ts";

/** What a chat keeps on its device, and shares with its other tabs there. */
export interface OnDevice {
  outboxStore: OutboxStore;
  /** Reads what was kept and takes part in the lead; `restored` comes once. */
  start(): void;
  leads(): boolean;
  needed(isNeeded: boolean): void;
  tell(news: OutboxNews): void;
  /** What is known has changed. */
  changed(): void;
  /** Forgets the person, here and in every other tab. */
  wipe(): void;
  close(): void;
}

export interface Kept {
  /** Null when they cannot be read, or not in time. */
  items: readonly OutboxItem[] | null;
  snapshot: Snapshot | null;
}

/** The server is not kept waiting for a storage that is slow. */
const patienceMs = 300;

export function createOnDevice(parts: {
  env: Env;
  url: string;
  person: string;
  /** Whether anything outlives this page. */
  keeps: boolean;
  empty: ChatModel;
  /** What is known; null while it does not belong together. */
  snapshot: () => Snapshot | null;
  /** What was kept is here. */
  restored: (kept: Kept) => void;
  /** Now, with or without it. */
  ready: () => void;
  /** The queue that all tabs show; there once `start` is called. */
  outbox: () => Pick<Outbox, "restoring" | "restored" | "heard" | "pump">;
  /** Another tab has forgotten the person. */
  wiped: () => void;
  /** Whether what should outlive the page does. */
  kept: (isKept: boolean) => void;
}): OnDevice {
  const { url, person, keeps } = parts;
  const env = keeps ? parts.env : alone(parts.env, memoryStorage());
  const prefix = prefixOf({ url, person });
  const storage = createPersonStorage(env.storage, { url, person }, env);
  const outboxStore = createOutboxStore({ env, storage, kept: parts.kept });
  const saver = createSnapshotSaver({ env, storage, snapshot: parts.snapshot });
  let isOver = false;
  let tabs: Tabs | null = null;
  let isLoaded = false;

  const leadership: Leadership = createLeadership({
    env,
    name: tabsName(prefix),
    began(isAnew) {
      if (keeps && isAnew) {
        saver.begin();
        if (isLoaded) reread();
      }
      parts.outbox().pump();
    },
    ended: () => saver.end(),
    pulse: () => tell({ kind: "sending" }),
  });
  const stopHiding = keeps
    ? env.onHidden(() => saver.flush())
    : () => undefined;

  /** Whoever led before may have kept what it told nobody any more. */
  function reread() {
    parts.outbox().restoring();
    storage.load((records) => {
      if (isOver) return;
      parts.outbox().restored(records && outboxItemsIn(records));
    });
  }

  function load() {
    storage.load((records) => {
      if (isOver) return;
      isLoaded = true;
      parts.restored({
        items: records && outboxItemsIn(records),
        snapshot: records && snapshotIn(records, parts.empty),
      });
      begin();
    });
  }

  let isReady = false;
  function begin() {
    if (isReady || isOver) return;
    isReady = true;
    env.clearTimer(patience);
    parts.ready();
  }
  const patience = keeps ? env.setTimer(patienceMs, begin) : null;

  function tell(news: OutboxNews) {
    // A channel that is closed throws.
    if (isOver) return;
    tabs?.tell(news);
    if (isOfLeader(news)) leadership.told();
  }

  function end() {
    isOver = true;
    env.clearTimer(patience);
    leadership.close();
    saver.end();
    outboxStore.close();
    stopHiding();
  }

  return {
    outboxStore,
    tell,
    leads: () => leadership.leads(),
    needed: (isNeeded) => leadership.needed(isNeeded),
    changed: () => saver.changed(),
    start() {
      tabs = openTabs(env, tabsName(prefix), storage.life, (news) => {
        if (isOver) return;
        if (news.kind === "wiped") {
          parts.wiped();
          return;
        }
        if (isOfLeader(news)) leadership.heard();
        parts.outbox().heard(news);
      });
      tabs.tell({ kind: "asked" });
      leadership.start();
      load();
    },
    wipe() {
      if (isOver) return;
      storage.wipe();
      tabs?.tell({ kind: "wiped" });
      end();
      tabs?.close();
    },
    close() {
      if (isOver) return;
      saver.flush();
      end();
      tabs?.close();
    },
  };
}

/** Only the tab that sends says this. */
function isOfLeader({ kind }: OutboxNews): boolean {
  return kind === "sending" || kind === "acknowledged";
}
