import type { Person } from "@parley/protocol";
import { shallowRef, watch, type Ref } from "vue";
import { usePeople } from "../chat/use-people.ts";
import { errorInWords } from "../i18n/i18n.ts";

/** One question per pause in typing. */
const pauseMs = 150;

interface PeopleSearch {
  query: Ref<string>;
  /** undefined until the first answer. */
  found: Readonly<Ref<readonly Person[] | undefined>>;
  problem: Ref<string>;
}

/** Looks for people while one types. */
export function usePeopleSearch(): PeopleSearch {
  const { search } = usePeople();
  const query = shallowRef("");
  const found = shallowRef<readonly Person[]>();
  const problem = shallowRef("");

  const load = async (wanted: string): Promise<void> => {
    try {
      const people = await search(wanted.trim());
      // An answer to what was asked before comes too late.
      if (wanted !== query.value) return;
      found.value = people;
      problem.value = "";
    } catch (error) {
      problem.value = errorInWords(error);
    }
  };
  watch(
    query,
    (wanted, before, onCleanup) => {
      const wait = before === undefined ? 0 : pauseMs;
      const timer = setTimeout(() => void load(wanted), wait);
      onCleanup(() => clearTimeout(timer));
    },
    { immediate: true },
  );
  return { query, found, problem };
}
