import type { Env } from "./env.ts";
import type { OutboxItem } from "./outbox-item.ts";

/** What the tabs of one person tell each other of the queue they share. */
export type OutboxNews =
  /** An item is new, or has become this. */
  | { kind: "kept"; item: OutboxItem }
  /** The server has it under this number; its event is still to come. */
  | { kind: "acknowledged"; cid: string; seq: number }
  /** Its event is here, under this number. */
  | { kind: "stored"; cid: string; seq: number }
  /** The person does not want it any more. */
  | { kind: "dropped"; cid: string }
  /** The leader is at work. */
  | { kind: "sending" }
  /** A new tab wants to know what the storage does not show. */
  | { kind: "asked" };

/** Everything of this person is to be forgotten, in every tab. */
export interface WipeNews {
  kind: "wiped";
}

export type TabNews = OutboxNews | WipeNews;

/** In which sign-in it was told (person-storage.ts); null where none is known. */
interface Told {
  life: string | null;
  news: TabNews;
}

/**
 * Goes into the names of lock and channel: tabs with another version of these
 * words, as after an upgrade, are not spoken to. Both send, which is harmless:
 * a cid is stored once.
 */
const wordsVersion = 2;

export function tabsName(prefix: string): string {
  return `${prefix}tabs ${wordsVersion}`;
}

export interface Tabs {
  tell(news: TabNews): void;
  close(): void;
}

/**
 * The tabs of one person and one sign-in. One that stood still since an earlier
 * sign-in may still have something to say: it is not heard.
 */
export function openTabs(
  env: Env,
  name: string,
  life: () => string | null,
  heard: (news: TabNews) => void,
): Tabs {
  const channel = env.channel(name, (message) => {
    // Only this very version speaks here, so the type says what comes.
    const told = message as Told;
    const ours = life();
    const isOurs = told.life === null || ours === null || told.life === ours;
    if (isOurs) heard(told.news);
  });
  return {
    tell: (news) => channel.tell({ life: life(), news } satisfies Told),
    close: () => channel.close(),
  };
}

/** Tells every tab of a sign-in that nothing of it stays on this device. */
export function tellWiped(env: Env, prefix: string, life: string | null): void {
  const tabs = openTabs(
    env,
    tabsName(prefix),
    () => life,
    () => undefined,
  );
  tabs.tell({ kind: "wiped" });
  tabs.close();
}

/** The same machine for a client that keeps nothing and has no other tabs. */
export function alone(env: Env, storage: Env["storage"]): Env {
  return {
    ...env,
    storage,
    hold(_name, holder) {
      holder.held();
      return () => undefined;
    },
    channel: () => ({ tell: () => undefined, close: () => undefined }),
  };
}
