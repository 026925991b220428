import type { Timer } from "./env.ts";
import type { Place } from "./http.ts";
import type { LiveModel } from "./live-model.ts";
import { withPeople } from "./people-facts.ts";
import { fetchPeople } from "./rooms-api.ts";

/** As many as an address of 2,048 characters holds with room to spare. */
const idsPerQuestion = 100;

export interface People {
  /** These are about to be shown. */
  need(ids: readonly string[]): void;
  /** Asks again for those that could not be had. */
  retry(): void;
  /** Too much was missed: anybody may be called otherwise. Asks within this time. */
  doubt(withinMs: number): void;
  /** Is what is known of people complete up to the cursors? */
  isCurrent(): boolean;
  down(): void;
}

/** Of more people than these the others are asked for when they speak. */
const doubtedMax = 500;
/** After a failure, or a connection that ended before. */
const againMsMax = 5_000;

/** Fetches the names that nobody has told us, in one question per turn. */
export function createPeople(parts: {
  place: Place;
  model: LiveModel;
}): People {
  const { place, model } = parts;
  const { env } = place;
  const wanted = new Set<string>();
  /** Asked and not answered, or answered without them. */
  const asked = new Set<string>();
  /** Which doubt is the last one, and which was answered. */
  let doubts = 0;
  let settled = 0;
  let doubting: Timer = null;

  function need(ids: readonly string[]) {
    const { people } = model.now();
    const unknown = ids.filter((id) => !people.has(id) && !asked.has(id));
    if (unknown.length === 0) return;
    if (wanted.size === 0) env.soon(ask);
    for (const id of unknown) wanted.add(id);
  }

  function ask() {
    const ids = [...wanted].slice(0, idsPerQuestion);
    for (const id of ids) {
      wanted.delete(id);
      asked.add(id);
    }
    if (wanted.size > 0) env.soon(ask);
    const asOf = model.now().time.latest;
    fetchPeople(place, ids, (fetched) => {
      if (fetched.status === "fine") {
        model.change((now) => withPeople(now, fetched.value.people, asOf));
        for (const { id } of fetched.value.people) asked.delete(id);
      }
    });
  }

  function doubt(withinMs: number) {
    doubts += 1;
    doubting ??= env.setTimer(env.random() * withinMs, () => {
      doubting = null;
      checkAll();
    });
  }

  function checkAll() {
    const ours = doubts;
    const { people, time } = model.now();
    const ids = [...people.keys()].slice(-doubtedMax);
    let left = Math.ceil(ids.length / idsPerQuestion);
    for (let from = 0; from < ids.length; from += idsPerQuestion) {
      const some = ids.slice(from, from + idsPerQuestion);
      fetchPeople(place, some, (fetched) => {
        if (fetched.status === "failed") return;
        const found = fetched.value.people;
        model.change((now) => withPeople(now, found, time.latest));
        left -= 1;
        if (left === 0) settled = Math.max(settled, ours);
      });
    }
  }

  return {
    need,
    doubt,
    isCurrent: () => settled === doubts,
    down() {
      env.clearTimer(doubting);
      doubting = null;
    },
    retry() {
      if (settled < doubts) doubt(againMsMax);
      const missing = [...asked];
      asked.clear();
      need(missing);
    },
  };
}
