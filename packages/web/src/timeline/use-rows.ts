import { computed, shallowRef, watch, type ComputedRef } from "vue";
import type { Hole, Message, Timeline } from "@parley/client";
import { holesOf, runsOf } from "../chat/holes.ts";
import {
  boundedWindow,
  newerWindow,
  newestWindow,
  olderWindow,
  sliceOf,
  windowAround,
} from "./row-window.ts";
import { buildRows, firstNewSeq, type Row } from "./rows.ts";

interface Source {
  timeline: () => Timeline | undefined;
  me: () => string;
  /** What was read when the line "New" was last set (U13). */
  newAfter: () => number | undefined;
  /** Whether the newest row is being watched, so that rows go at the top. */
  isStuck: () => boolean;
  /** The first message in view, of those that are stored. */
  reading: () => number | undefined;
}

export interface Rows {
  /** All that are known, with holes in between. */
  messages: ComputedRef<readonly Message[]>;
  holes: ComputedRef<readonly Hole[]>;
  /** What is drawn: a part of the messages, with dividers and what is pending. */
  rows: ComputedRef<readonly Row[]>;
  /** The message, or the beginning of the hole, that the line "New" stands above. */
  firstNew: ComputedRef<number | undefined>;
  hasNewest: ComputedRef<boolean>;
  /** Whether everything that is known above is drawn. */
  hasOldest: ComputedRef<boolean>;
  drawNewest: () => void;
  drawAround: (seq: number) => void;
  drawOlder: () => void;
  drawNewer: () => void;
}

/** The rows of a room's timeline, as many as a page can bear (S8). */
export function useRows(source: Source): Rows {
  const messages = computed(() => messagesOf(source.timeline()));
  const holes = computed(() => {
    const timeline = source.timeline();
    return timeline === undefined ? [] : holesOf(timeline);
  });
  const drawn = shallowRef(newestWindow(messages.value));
  const slice = computed(() => sliceOf(messages.value, drawn.value));
  const hasNewest = computed(() => drawn.value.toSeq === null);
  const firstNew = computed(() =>
    firstNewSeq(messages.value, source.newAfter(), source.me(), holes.value),
  );

  watch(messages, () => {
    const reading = source.isStuck() ? "bottom" : (source.reading() ?? 0);
    drawn.value = boundedWindow(messages.value, drawn.value, reading);
  });

  return {
    messages,
    holes,
    firstNew,
    hasNewest,
    hasOldest: computed(() => slice.value.start === 0),
    rows: computed(() => {
      const { start, end } = slice.value;
      return buildRows({
        messages: messages.value.slice(start, end),
        before: messages.value[start - 1],
        holes: holes.value,
        hasNewest: hasNewest.value,
        pending: hasNewest.value ? (source.timeline()?.pending ?? []) : [],
        me: source.me(),
        firstNew: firstNew.value,
      });
    }),
    drawNewest: () => {
      drawn.value = newestWindow(messages.value);
    },
    drawAround: (seq) => {
      drawn.value = windowAround(messages.value, seq);
    },
    drawOlder: () => {
      drawn.value = olderWindow(messages.value, drawn.value);
    },
    drawNewer: () => {
      drawn.value = newerWindow(messages.value, drawn.value);
    },
  };
}

/** The newest run's own array where there is no other, so that it is the same. */
function messagesOf(timeline: Timeline | undefined): readonly Message[] {
  if (timeline === undefined) return [];
  if (timeline.older.length === 0) return timeline.messages;
  return runsOf(timeline).flatMap((run) => run.messages);
}
