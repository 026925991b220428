import { computed } from "vue";
import { language, t } from "../i18n/i18n.ts";
import { today } from "../ui/today.ts";
import { isSameDay } from "./rows.ts";

// Formatters are dear to make and cheap to use: one each per language.

/** The reader's own kind of the page's language: 14:05 here, 2:05 pm there. */
const locale = computed(() =>
  navigator.languages.find((tag) => tag.startsWith(language.value)),
);

const clock = computed(
  () =>
    new Intl.DateTimeFormat(locale.value ?? language.value, {
      hour: "numeric",
      minute: "2-digit",
    }),
);

const exact = computed(
  () =>
    new Intl.DateTimeFormat(locale.value ?? language.value, {
      dateStyle: "full",
      timeStyle: "medium",
    }),
);

const moment = computed(
  () =>
    new Intl.DateTimeFormat(locale.value ?? language.value, {
      dateStyle: "medium",
      timeStyle: "medium",
    }),
);

const minute = computed(
  () =>
    new Intl.DateTimeFormat(locale.value ?? language.value, {
      dateStyle: "medium",
      timeStyle: "short",
    }),
);

const weekday = computed(
  () =>
    new Intl.DateTimeFormat(locale.value ?? language.value, {
      weekday: "long",
      month: "long",
      day: "numeric",
    }),
);

const longDay = computed(
  () =>
    new Intl.DateTimeFormat(locale.value ?? language.value, {
      dateStyle: "long",
    }),
);

/** 14:05, in the reader's own way. */
export function clockTime(at: number): string {
  return clock.value.format(at);
}

/** The day in short and the time to the second. */
export function shortMoment(at: number): string {
  return moment.value.format(at);
}

/** The day in short and the time to the minute. */
export function shortMinute(at: number): string {
  return minute.value.format(at);
}

/** The whole of it, to the second. */
export function exactTime(at: number): string {
  return exact.value.format(at);
}

/** Today, Yesterday, Monday 5 October; with the year when it is another. */
export function dayName(at: number): string {
  const now = today.value;
  if (isSameDay(at, now)) return t("today");
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (isSameDay(at, yesterday.getTime())) return t("yesterday");
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return (isThisYear ? weekday : longDay).value.format(at);
}
