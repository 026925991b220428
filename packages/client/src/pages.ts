import { changeRoom } from "./chat-model.ts";
import type { RoomModel } from "./chat-model.ts";
import type { Failure } from "./errors.ts";
import {
  fetchPage,
  type Fetched,
  type PageAnswer,
  type Place,
} from "./http.ts";
import type { LiveModel } from "./live-model.ts";
import type { Timeline } from "./state.ts";
import { trimmed, withPage } from "./timeline.ts";

export interface Pages {
  /** This room is on the screen now. */
  open(stream: string): void;
  loadOlder(stream: string): Promise<void>;
  /** Loads what the open room still lacks: it may be new, or the line was down. */
  refresh(): void;
  /** What is on its way belongs to a log that is no more. */
  forget(): void;
}

const pageMessages = 50;

/** Loads rows over HTTP, so that no page keeps events waiting on the socket. */
export function createPages(parts: {
  place: Place;
  model: LiveModel;
  /** A page is in: names, and what it confirms. */
  loaded: (stream: string, page: PageAnswer) => void;
}): Pages {
  const { place, model, loaded } = parts;
  const older = new Map<string, Promise<void>>();
  let log = 0;

  function change(
    stream: string,
    step: (timeline: Timeline) => Partial<Timeline>,
  ) {
    model.change((now) =>
      changeRoom(now, stream, (room) => ({
        ...room,
        timeline: { ...room.timeline, ...step(room.timeline) },
      })),
    );
  }

  function refresh() {
    const { openRoom, rooms } = model.now();
    const room = openRoom === null ? undefined : rooms.get(openRoom);
    if (room && needsPage(room)) loadNewest(room.stream);
  }

  function loadNewest(stream: string) {
    const ours = log;
    change(stream, () => ({ status: "loading" }));
    fetchPage(place, stream, { limit: pageMessages }, (fetched) => {
      if (ours !== log) return;
      if (fetched.status === "fine") {
        take(stream, fetched.value, { status: "loaded" });
        return;
      }
      // A `reset` may have brought a page meanwhile.
      change(stream, ({ status }) =>
        status === "loading" ? { status: "failed" } : {},
      );
    });
  }

  function take(stream: string, page: PageAnswer, rest: Partial<Timeline>) {
    change(stream, (timeline) => ({ ...withPage(timeline, page), ...rest }));
    loaded(stream, page);
  }

  function fetchOlder(stream: string, before: number): Promise<void> {
    const ours = log;
    change(stream, () => ({ isLoadingOlder: true }));
    return new Promise<void>((resolve, reject: (failure: Failure) => void) => {
      const done = (fetched: Fetched<PageAnswer>) => {
        older.delete(stream);
        if (ours !== log) resolve();
        else if (fetched.status === "fine") {
          take(stream, fetched.value, { isLoadingOlder: false });
          resolve();
        } else {
          change(stream, () => ({ isLoadingOlder: false }));
          reject(fetched.error);
        }
      };
      fetchPage(place, stream, { before, limit: pageMessages }, done);
    });
  }

  return {
    refresh,
    open(stream) {
      const { openRoom } = model.now();
      if (openRoom !== stream) {
        model.change((now) => ({ ...now, openRoom: stream }));
        if (openRoom !== null) change(openRoom, trimmed);
      }
      refresh();
    },
    loadOlder(stream) {
      const timeline = model.now().rooms.get(stream)?.timeline;
      if (timeline?.status !== "loaded" || timeline.from <= 1) {
        return Promise.resolve();
      }
      const running = older.get(stream);
      if (running) return running;
      const next = fetchOlder(stream, timeline.from);
      older.set(stream, next);
      return next;
    },
    forget() {
      log += 1;
      older.clear();
    },
  };
}

function needsPage({ timeline }: RoomModel): boolean {
  return timeline.status === "unloaded" || timeline.status === "failed";
}
