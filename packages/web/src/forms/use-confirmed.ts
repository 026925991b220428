import { shallowRef, type Ref } from "vue";
import { errorInWords } from "../i18n/i18n.ts";

interface Confirmed {
  isBusy: Ref<boolean>;
  /** Why it did not work, in words; "" otherwise. */
  problem: Ref<string>;
  submit: () => Promise<void>;
}

/** One act behind a button: once at a time, and what went wrong is said there. */
export function useConfirmed(act: () => Promise<void>): Confirmed {
  const isBusy = shallowRef(false);
  const problem = shallowRef("");
  return {
    isBusy,
    problem,
    submit: async () => {
      if (isBusy.value) return;
      isBusy.value = true;
      problem.value = "";
      try {
        await act();
      } catch (error) {
        problem.value = errorInWords(error);
      } finally {
        isBusy.value = false;
      }
    },
  };
}
