import type { ComponentPublicInstance } from "vue";
import { nextTick, reactive, shallowRef, type Ref } from "vue";
import { errorInWords } from "../i18n/i18n.ts";
import type { Focusable } from "../ui/focusable.ts";

/** Says what is wrong with what was typed, in words; "" when nothing is. */
export type Check = (typed: string) => string;

/** Which field an error of the server is about: the first of these that is there. */
const fieldsOfCode: Record<string, readonly string[]> = {
  invalid_email: ["email"],
  domain_not_allowed: ["email"],
  invalid_name: ["name"],
  invalid_characters: ["name"],
  name_confusable: ["name"],
  invalid_username: ["username"],
  name_taken: ["username", "name"],
  weak_password: ["password"],
  invalid_domain: ["domains"],
};

interface Form<Field extends string> {
  values: Record<Field, string>;
  problems: Record<Field, string>;
  /** What the server refused for another reason than a field. */
  refusal: Ref<string>;
  isBusy: Ref<boolean>;
  /** For the `ref` of a field, so that it gets the focus when it is wrong. */
  holds: (
    field: Field,
  ) => (element: Element | ComponentPublicInstance | null) => void;
  type: (field: Field, typed: string) => void;
  /** Checks all fields and, if they are fine, sends. True when it was sent. */
  submit: (send: () => Promise<void>) => Promise<boolean>;
  focus: (field: Field) => void;
}

/** Fields that are checked here first and then, with the same care, by the server. */
export function useForm<Field extends string>(
  checks: Record<Field, Check>,
  initial: Partial<Record<Field, string>> = {},
): Form<Field> {
  const fields = Object.keys(checks) as Field[];
  const each = (value: (field: Field) => string): Record<Field, string> =>
    Object.fromEntries(fields.map((field) => [field, value(field)])) as Record<
      Field,
      string
    >;
  const values = reactive(each((field) => initial[field] ?? "")) as Record<
    Field,
    string
  >;
  const problems = reactive(each(() => "")) as Record<Field, string>;
  const refusal = shallowRef("");
  const isBusy = shallowRef(false);
  const held = new Map<Field, Focusable>();

  const focus = (field: Field): void => held.get(field)?.focus();

  const fail = (error: unknown): void => {
    const { code = "" } = error as { code?: string };
    const field = fieldsOfCode[code]?.find((name) =>
      fields.includes(name as Field),
    ) as Field | undefined;
    if (field === undefined) {
      refusal.value = errorInWords(error);
      return;
    }
    problems[field] = errorInWords(error);
    void nextTick(() => focus(field));
  };

  return {
    values,
    problems,
    refusal,
    isBusy,
    focus,
    holds: (field) => (element) => {
      if (element !== null && "focus" in element) {
        held.set(field, element as Focusable);
      }
    },
    type: (field, typed) => {
      values[field] = typed;
      problems[field] = "";
    },
    submit: async (send) => {
      if (isBusy.value) return false;
      refusal.value = "";
      for (const field of fields)
        problems[field] = checks[field](values[field]);
      const wrong = fields.find((field) => problems[field] !== "");
      if (wrong !== undefined) {
        focus(wrong);
        return false;
      }
      isBusy.value = true;
      try {
        await send();
        return true;
      } catch (error) {
        fail(error);
        return false;
      } finally {
        isBusy.value = false;
      }
    },
  };
}
