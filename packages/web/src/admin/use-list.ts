import { onScopeDispose, shallowRef, watch, type Ref } from "vue";
import { errorInWords } from "../i18n/i18n.ts";
import { useLate } from "../ui/use-late.ts";

/** One question per pause in typing. */
const pauseMs = 200;

interface List<Value> {
  query: Ref<string>;
  /** undefined until the first answer. */
  found: Ref<Value | undefined>;
  problem: Ref<string>;
  /** Whether the first answer takes noticeably long. */
  isLate: Readonly<Ref<boolean>>;
  load: () => Promise<void>;
}

/** A list that is asked for by what one types, and again after each change. */
export function useList<Value>(
  ask: (query: string) => Promise<Value>,
): List<Value> {
  const query = shallowRef("");
  const found = shallowRef<Value>();
  const problem = shallowRef("");
  let timer: ReturnType<typeof setTimeout> | undefined;

  const load = async (): Promise<void> => {
    const wanted = query.value;
    try {
      const value = await ask(wanted.trim());
      // An answer to what was asked before comes too late.
      if (wanted !== query.value) return;
      found.value = value;
      problem.value = "";
    } catch (error) {
      problem.value = errorInWords(error);
    }
  };
  watch(query, () => {
    clearTimeout(timer);
    timer = setTimeout(() => void load(), pauseMs);
  });
  onScopeDispose(() => clearTimeout(timer));
  void load();
  const isLate = useLate(
    () => found.value === undefined && problem.value === "",
  );
  return { query, found, problem, isLate, load };
}
