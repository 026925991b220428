import { withPeople } from "./chat-model.ts";
import { fetchPeople, type Place } from "./http.ts";
import type { LiveModel } from "./live-model.ts";

/** As many as an address of 2,048 characters holds with room to spare. */
const idsPerQuestion = 100;

export interface People {
  /** These are about to be shown. */
  need(ids: readonly string[]): void;
  /** Asks again for those that could not be had. */
  retry(): void;
}

/** Fetches the names that nobody has told us, in one question per turn. */
export function createPeople(parts: {
  place: Place;
  model: LiveModel;
}): People {
  const { place, model } = parts;
  const wanted = new Set<string>();
  /** Asked and not answered, or answered without them. */
  const asked = new Set<string>();

  function need(ids: readonly string[]) {
    const { people } = model.now();
    const unknown = ids.filter((id) => !people.has(id) && !asked.has(id));
    if (unknown.length === 0) return;
    if (wanted.size === 0) place.env.soon(ask);
    for (const id of unknown) wanted.add(id);
  }

  function ask() {
    const ids = [...wanted].slice(0, idsPerQuestion);
    for (const id of ids) {
      wanted.delete(id);
      asked.add(id);
    }
    if (wanted.size > 0) place.env.soon(ask);
    fetchPeople(place, ids, (fetched) => {
      if (fetched.status === "fine") {
        model.change((now) => withPeople(now, fetched.value.people));
        for (const { id } of fetched.value.people) asked.delete(id);
      }
    });
  }

  return {
    need,
    retry() {
      const missing = [...asked];
      asked.clear();
      need(missing);
    },
  };
}
