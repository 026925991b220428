import type { Channel, Env } from "./env.ts";
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

/**
 * Goes into the names of lock and channel: tabs with another version of these
 * words, as after an upgrade, are not spoken to. Both send, which is harmless:
 * a cid is stored once.
 */
const wordsVersion = 1;

export function tabsName(prefix: string): string {
  return `${prefix}tabs ${wordsVersion}`;
}

export function openTabs(
  env: Env,
  name: string,
  heard: (news: OutboxNews | WipeNews) => void,
): Channel {
  // Only this very version speaks here, so the type says what comes.
  return env.channel(name, (message) =>
    heard(message as OutboxNews | WipeNews),
  );
}

/** Tells every tab of a person that nothing of them stays on this device. */
export function tellWiped(env: Env, prefix: string): void {
  const channel = env.channel(tabsName(prefix), () => undefined);
  channel.tell({ kind: "wiped" } satisfies WipeNews);
  channel.close();
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
