import { changeRoom } from "./chat-model.ts";
import type { RoomModel } from "./chat-model.ts";
import { NetworkError, type Failure } from "./errors.ts";
import type { Fetched, Place } from "./http.ts";
import type { LiveModel } from "./live-model.ts";
import { createRecheck } from "./recheck.ts";
import { fetchPage, type PageAnswer, type PageRequest } from "./rooms-api.ts";
import { holesOf, isKnown, oldestOf } from "./runs.ts";
import type { Hole, HoleEnd, Timeline } from "./state.ts";
import {
  emptied,
  trimmed,
  withoutOlder,
  withPage,
  withPart,
} from "./timeline.ts";

export interface Pages {
  /** This room is on the screen now. */
  open(stream: string): void;
  loadOlder(stream: string): Promise<void>;
  /** Loads a page with this number in it, some rows before it; nothing where it is known. */
  loadAround(stream: string, seq: number): Promise<void>;
  /** Loads a page at this end of a hole; nothing where there is no such hole. */
  fillHole(stream: string, hole: Hole, end: HoleEnd): Promise<void>;
  /** Of the rows up to here some may be deleted: a gap was not replayed. */
  passedOver(stream: string, upTo: number): void;
  /** This message is deleted: a page that is on its way may have it whole. */
  deleted(stream: string, seq: number): void;
  /** Loads what the open room still lacks: it may be new, or the line was down. */
  refresh(): void;
  /** What is on its way belongs to a log that is no more. */
  forget(): void;
}

const pageMessages = 50;

/** So many numbers before the one that is looked for are loaded with it. */
const numbersBefore = 15;

/** What is on its way, by stream. */
type Running = Map<string, Promise<void>>;

/** A page that is on its way, and what was deleted since it was asked for. */
interface Asked {
  stream: string;
  deleted: number[];
  /** Events were passed over since: what was deleted is not all known. */
  isDoubtful: boolean;
}

/** Loads rows over HTTP, so that no page keeps events waiting on the socket. */
export function createPages(parts: {
  place: Place;
  model: LiveModel;
  /** A page is in, asked for at `asOf`: names, and what it confirms. */
  loaded: (stream: string, page: PageAnswer, asOf: number) => void;
}): Pages {
  const { place, model, loaded } = parts;
  const older: Running = new Map();
  const around: Running = new Map();
  const filling: Running = new Map();
  const asked = new Set<Asked>();
  let log = 0;

  const recheck = createRecheck({
    model,
    load(stream, before, done) {
      fetchRows(stream, { before }, (fetched) => {
        const page = fetched.status === "fine" ? fetched.value : null;
        if (page) change(stream, (timeline) => withPage(timeline, page));
        done(page);
      });
    },
  });

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
    recheck.resume();
  }

  /** `done` is not called where the log is another one meanwhile. */
  function fetchRows(
    stream: string,
    which: Omit<PageRequest, "limit">,
    done: (fetched: Fetched<PageAnswer>) => void,
    isOver: () => void = () => undefined,
  ) {
    const ours = log;
    const asOf = model.now().time.latest;
    const one: Asked = { stream, deleted: [], isDoubtful: false };
    asked.add(one);
    fetchPage(place, stream, { ...which, limit: pageMessages }, (fetched) => {
      asked.delete(one);
      if (ours !== log) {
        isOver();
      } else if (fetched.status === "fine") {
        const page = fetched.value;
        const messages = emptied(page.messages, one.deleted);
        done({ status: "fine", value: { ...page, messages } });
        if (one.isDoubtful) recheck.doubt(stream, page.to);
        loaded(stream, page, asOf);
      } else done(fetched);
    });
  }

  function loadNewest(stream: string) {
    change(stream, () => ({ status: "loading" }));
    fetchRows(stream, {}, (fetched) => {
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
  }

  /** One at a time: whoever asks meanwhile gets what is on its way. */
  function fetchOnce(
    running: Running,
    stream: string,
    which: Omit<PageRequest, "limit">,
    settle: (fetched: Fetched<PageAnswer>) => Failure | null,
  ): Promise<void> {
    const underway = running.get(stream);
    if (underway) return underway;
    const next = new Promise<void>(
      (resolve, reject: (failure: Failure) => void) => {
        const done = (fetched: Fetched<PageAnswer>) => {
          running.delete(stream);
          const failure = settle(fetched);
          if (failure === null) resolve();
          else reject(failure);
        };
        fetchRows(stream, which, done, resolve);
      },
    );
    running.set(stream, next);
    return next;
  }

  return {
    refresh,
    open(stream) {
      const { openRoom } = model.now();
      if (openRoom !== stream) {
        model.change((now) => ({ ...now, openRoom: stream }));
        if (openRoom !== null) {
          const bounded = recheck.leave(openRoom) ? withoutOlder : trimmed;
          change(openRoom, bounded);
        }
      }
      refresh();
    },
    loadOlder(stream) {
      const timeline = model.now().rooms.get(stream)?.timeline;
      if (timeline?.status !== "loaded") return Promise.resolve();
      const before = oldestOf(timeline);
      if (before <= 1) return Promise.resolve();
      if (!older.has(stream)) change(stream, () => ({ isLoadingOlder: true }));
      return fetchOnce(older, stream, { before }, (fetched) => {
        if (fetched.status === "fine") {
          take(stream, fetched.value, { isLoadingOlder: false });
          return null;
        }
        change(stream, () => ({ isLoadingOlder: false }));
        return fetched.error;
      });
    },
    loadAround(stream, seq) {
      const timeline = model.now().rooms.get(stream)?.timeline;
      if (timeline?.status !== "loaded" || isKnown(timeline, seq)) {
        return Promise.resolve();
      }
      const after = Math.max(0, seq - 1 - numbersBefore);
      return fetchOnce(around, stream, { after }, (fetched) => {
        if (fetched.status === "failed") return fetched.error;
        const page = fetched.value;
        change(stream, (now) => withPart(now, page));
        return null;
      });
    },
    fillHole(stream, hole, end) {
      const timeline = model.now().rooms.get(stream)?.timeline;
      const isThere = timeline && holesOf(timeline).some(isSame(hole));
      if (!isThere) return Promise.resolve();
      const { after, upTo } = hole;
      const below = { before: upTo + 1 };
      const which = end === "after" ? { after, ...below } : below;
      return fetchOnce(filling, stream, which, (fetched) => {
        if (fetched.status === "failed") return fetched.error;
        const page = fetched.value;
        const next = end === "after" ? after + 1 : upTo;
        // Asking again and again for what nobody has would be a storm.
        if (next < page.from || next > page.to) return new NetworkError();
        take(stream, page, {});
        return null;
      });
    },
    passedOver(stream, upTo) {
      for (const one of asked) {
        if (one.stream === stream) one.isDoubtful = true;
      }
      // Of a room that nobody looks at nothing older was kept.
      if (stream === model.now().openRoom) recheck.doubt(stream, upTo);
    },
    deleted(stream, seq) {
      for (const one of asked) {
        if (one.stream === stream) one.deleted.push(seq);
      }
    },
    forget() {
      log += 1;
      recheck.forget();
      older.clear();
      around.clear();
      filling.clear();
    },
  };
}

function needsPage({ timeline }: RoomModel): boolean {
  return timeline.status === "unloaded" || timeline.status === "failed";
}

function isSame({ after, upTo }: Hole): (other: Hole) => boolean {
  return (other) => other.after === after && other.upTo === upTo;
}
