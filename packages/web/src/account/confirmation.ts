import { readonly, shallowRef, type Ref } from "vue";

/** A person closed the question instead of answering it. */
export class Cancelled extends Error {
  readonly code = "cancelled";
}

interface Question {
  answer: (isConfirmed: boolean) => void;
}

const asked = shallowRef<Question>();

/** Whether one is being asked for the password now. */
export const question: Readonly<Ref<Question | undefined>> = readonly(asked);

/**
 * Does something that needs a fresh sign-in. Where the server asks for it, the
 * password is confirmed in between, and then it is done; rejects with Cancelled
 * when it is not confirmed. `ConfirmPassword.vue` asks.
 */
export async function confirmed<Value>(
  act: () => Promise<Value>,
): Promise<Value> {
  try {
    return await act();
  } catch (error) {
    if ((error as { code?: unknown }).code !== "sign_in_again") throw error;
    if (!(await ask())) throw new Cancelled();
    return await act();
  }
}

function ask(): Promise<boolean> {
  asked.value?.answer(false);
  return new Promise((resolve) => {
    const mine: Question = {
      answer: (isConfirmed) => {
        if (asked.value === mine) asked.value = undefined;
        resolve(isConfirmed);
      },
    };
    asked.value = mine;
  });
}
