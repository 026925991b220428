import type { LiveModel } from "./live-model.ts";
import type { PageAnswer } from "./rooms-api.ts";
import { runsOf } from "./runs.ts";
import type { Timeline } from "./state.ts";

export interface Recheck {
  /**
   * Too much was missed of this room: of the rows up to here some may be
   * deleted, and no event will tell which.
   */
  doubt(stream: string, upTo: number): void;
  /** Goes on where it stopped, with the room that is on the screen. */
  resume(): void;
  /** Nobody looks at this room any more. True: of its older rows none is certain. */
  leave(stream: string): boolean;
  forget(): void;
}

/**
 * Goes through the rows that stayed on the screen over a gap, from the newest to
 * the oldest, and takes away what was deleted in it (E-2).
 */
export function createRecheck(parts: {
  model: LiveModel;
  /** The newest page before this number, into the timeline; null: not to be had. */
  load: (
    stream: string,
    before: number,
    done: (page: PageAnswer | null) => void,
  ) => void;
}): Recheck {
  const { model, load } = parts;
  /** By room, up to where rows are in doubt. */
  const doubted = new Map<string, number>();
  const loading = new Set<string>();

  function resume() {
    const { openRoom } = model.now();
    if (openRoom !== null) step(openRoom);
  }

  function step(stream: string) {
    const upTo = doubted.get(stream);
    if (upTo === undefined || loading.has(stream)) return;
    const timeline = model.now().rooms.get(stream)?.timeline;
    const newest = timeline && newestRow(timeline, upTo);
    if (newest === undefined) {
      doubted.delete(stream);
      return;
    }
    loading.add(stream);
    load(stream, newest + 1, (page) => {
      loading.delete(stream);
      // More was missed meanwhile: this page may be of before.
      const isCurrent = doubted.get(stream) === upTo;
      if (page === null || (isCurrent && page.from > newest)) return;
      if (isCurrent) doubted.set(stream, page.from - 1);
      resume();
    });
  }

  return {
    resume,
    leave: (stream) => doubted.delete(stream),
    doubt(stream, upTo) {
      doubted.set(stream, Math.max(upTo, doubted.get(stream) ?? 0));
      resume();
    },
    forget() {
      doubted.clear();
      loading.clear();
    },
  };
}

/** The highest number of a row that is not above this one. */
function newestRow(timeline: Timeline, upTo: number): number | undefined {
  return runsOf(timeline)
    .flatMap(({ messages }) => messages.map(({ seq }) => seq))
    .findLast((seq) => seq <= upTo);
}
