import { limits, type FrameObject, type PresenceState } from "@parley/protocol";
import { changeRoom } from "./chat-model.ts";
import type { Env, Timer } from "./env.ts";
import type { LiveModel } from "./live-model.ts";

/** Whoever is not in it is offline, or nobody tells. */
export type PresentPeople = ReadonlyMap<string, "online" | "away">;

export interface Presence {
  /** Everybody who is here, as far as the rooms that are watched tell. */
  people(): PresentPeople;
  /** Wants to know who is here of a room; returns what ends that. */
  watch(stream: string): () => void;
  /** Nobody looks at this device, or somebody does again. */
  setAway(isAway: boolean): void;
  /** The server's signal. */
  heard(signal: FrameObject): void;
  /** The server knows anew that this room is followed. */
  followed(stream: string): void;
  /** They are no longer in the room. */
  left(stream: string, person: string): void;
  /** A new connection, which knows nothing of this. */
  open(): void;
  /** The connection is gone; what was told holds for a moment. */
  down(): void;
  /** Forget all timers. */
  close(): void;
}

/** What is said to the server is gathered: a person may look through their rooms. */
const saidEveryMs = 1_000;

/** As long as a server would go on showing us: then nobody knows. */
const holdsMs = 15_000;

/** What the server told of a room. */
interface RoomPresence {
  people: Map<string, "online" | "away">;
  present: number | null;
}

/** Who is here of the rooms that are looked at, and whether oneself is. */
export function createPresence(parts: {
  env: Env;
  model: LiveModel;
  write: (signal: FrameObject) => boolean;
  changed: () => void;
}): Presence {
  const { env, model, write, changed } = parts;
  /** How many want to know of each room; who came last stands last. */
  const watchers = new Map<string, number>();
  const told = new Map<string, RoomPresence>();
  let all: PresentPeople | null = new Map();
  let isAway = false;
  let isOpen = false;
  let isNews = { state: false, watch: false };
  let pause: Timer;
  let isPaused = false;
  let forgetting: Timer;
  let isForgetting = false;

  function say() {
    if (!isOpen || isPaused || !(isNews.state || isNews.watch)) return;
    if (isNews.state) {
      write({ type: "presence", state: isAway ? "away" : "online" });
    }
    if (isNews.watch) {
      const watch = [...watchers.keys()].slice(-limits.watchedRooms);
      write({ type: "presence", watch });
    }
    isNews = { state: false, watch: false };
    isPaused = true;
    pause = env.setTimer(saidEveryMs, () => {
      isPaused = false;
      say();
    });
  }

  function sayWatch() {
    isNews.watch = true;
    // Who opens one room leaves another: that is one word.
    env.soon(say);
  }

  function show(stream: string, room: RoomPresence | null) {
    if (room === null) told.delete(stream);
    else told.set(stream, room);
    all = null;
    const presentCount = room?.present ?? null;
    model.change((now) =>
      changeRoom(now, stream, (before) =>
        before.presentCount === presentCount
          ? before
          : { ...before, presentCount },
      ),
    );
    changed();
  }

  function together(): PresentPeople {
    const people = new Map<string, "online" | "away">();
    for (const room of told.values()) {
      for (const [person, state] of room.people) people.set(person, state);
    }
    return people;
  }

  function forget() {
    for (const stream of [...told.keys()]) show(stream, null);
  }

  return {
    people: () => (all ??= together()),
    watch(stream) {
      const count = watchers.get(stream) ?? 0;
      watchers.delete(stream);
      watchers.set(stream, count + 1);
      if (count === 0) sayWatch();
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        const left = (watchers.get(stream) ?? 0) - 1;
        if (left > 0) {
          watchers.set(stream, left);
          return;
        }
        watchers.delete(stream);
        show(stream, null);
        sayWatch();
      };
    },
    setAway(isNow) {
      if (isAway === isNow) return;
      isAway = isNow;
      isNews.state = true;
      say();
    },
    heard(signal) {
      const { stream } = signal;
      if (typeof stream !== "string" || !watchers.has(stream)) return;
      const before = told.get(stream)?.people;
      show(stream, roomPresence(signal, before));
    },
    followed(stream) {
      if (isOpen && watchers.has(stream)) sayWatch();
    },
    left(stream, person) {
      const room = told.get(stream);
      if (room?.people.has(person) !== true) return;
      const people = new Map(room.people);
      people.delete(person);
      show(stream, { people, present: people.size });
    },
    open() {
      env.clearTimer(forgetting);
      isForgetting = false;
      isOpen = true;
      isNews = { state: isAway, watch: watchers.size > 0 };
      say();
    },
    down() {
      isOpen = false;
      env.clearTimer(pause);
      isPaused = false;
      if (isForgetting) return;
      isForgetting = true;
      forgetting = env.setTimer(holdsMs, () => {
        isForgetting = false;
        forget();
      });
    },
    close() {
      env.clearTimer(pause);
      env.clearTimer(forgetting);
    },
  };
}

function roomPresence(
  { people, whole, present }: FrameObject,
  before: ReadonlyMap<string, "online" | "away"> | undefined,
): RoomPresence {
  if (typeof people !== "object" || people === null) {
    const isCount = typeof present === "number";
    return { people: new Map(), present: isCount ? present : null };
  }
  const now = new Map(whole === true ? [] : before);
  for (const [person, state] of Object.entries(
    people as Record<string, PresenceState>,
  )) {
    if (state === "online" || state === "away") now.set(person, state);
    else now.delete(person);
  }
  return { people: now, present: now.size };
}
