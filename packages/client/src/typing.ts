import { limits, type FrameObject } from "@parley/protocol";
import { changeRoom } from "./chat-model.ts";
import type { Env, Timer } from "./env.ts";
import type { LiveModel } from "./live-model.ts";

export interface Typing {
  /** I am typing here. */
  tell(stream: string): void;
  /** The server's signal: these people are. */
  heard(signal: FrameObject): void;
  /** What they typed is here, or they have left. */
  ended(stream: string, person: string): void;
  /** Forget all timers. */
  close(): void;
}

/**
 * Who is typing. Everything here is decided by timers, not by a clock that may
 * be set: a name that nobody repeats is gone after six seconds (S-4).
 */
export function createTyping(parts: {
  env: Env;
  model: LiveModel;
  write: (signal: FrameObject) => boolean;
}): Typing {
  const { env, model, write } = parts;
  /** Rooms that were told a moment ago. */
  const told = new Map<string, Timer>();
  const typists = new Map<string, Timer>();

  function show(
    stream: string,
    change: (typing: readonly string[]) => string[],
  ) {
    model.change((now) =>
      changeRoom(now, stream, (room) => ({
        ...room,
        typing: change(room.typing),
      })),
    );
  }

  function ended(stream: string, person: string) {
    if (person === model.now().me) {
      // What is typed next is another message, and news at once.
      env.clearTimer(told.get(stream));
      told.delete(stream);
    }
    const key = `${stream} ${person}`;
    const timer = typists.get(key);
    if (timer === undefined) return;
    env.clearTimer(timer);
    typists.delete(key);
    show(stream, (typing) => typing.filter((id) => id !== person));
  }

  function hold(stream: string, person: string, ttlMs: number) {
    const key = `${stream} ${person}`;
    env.clearTimer(typists.get(key));
    typists.set(
      key,
      env.setTimer(ttlMs, () => ended(stream, person)),
    );
  }

  return {
    ended,
    tell(stream) {
      if (told.has(stream) || !write({ type: "typing", stream })) return;
      const timer = env.setTimer(limits.typingEveryMs, () =>
        told.delete(stream),
      );
      told.set(stream, timer);
    },
    heard({ stream, by, ttlMs }) {
      if (typeof stream !== "string" || !Array.isArray(by)) return;
      const room = model.now().rooms.get(stream);
      if (room === undefined) return;
      const people = (by as string[]).filter((id) => id !== model.now().me);
      for (const person of people) {
        hold(stream, person, Number(ttlMs) || limits.typingMs);
      }
      const news = people.filter((id) => !room.typing.includes(id));
      if (news.length > 0) show(stream, (typing) => [...typing, ...news]);
    },
    close() {
      const timers = [...told.values(), ...typists.values()];
      for (const timer of timers) env.clearTimer(timer);
    },
  };
}
