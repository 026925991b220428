import { readonly, shallowRef } from "vue";

const now = shallowRef(Date.now());

/** A moment of the present day; changes after midnight. */
export const today = readonly(now);

/** Keeps `today` right, also after a night in which the machine slept. */
export function watchDays(): void {
  const minute = 60_000;
  setInterval(() => {
    const present = Date.now();
    const isNewDay =
      new Date(present).getDate() !== new Date(now.value).getDate();
    if (isNewDay) now.value = present;
  }, minute);
}
