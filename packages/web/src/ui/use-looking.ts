import { onScopeDispose, readonly, shallowRef, type Ref } from "vue";

/** Whether somebody can be looking: the page is visible and has the focus. */
export function useLooking(): Readonly<Ref<boolean>> {
  const isLooking = shallowRef(looks());
  const update = (): void => {
    isLooking.value = looks();
  };
  const happenings = new AbortController();
  const { signal } = happenings;
  window.addEventListener("focus", update, { signal });
  window.addEventListener("blur", update, { signal });
  document.addEventListener("visibilitychange", update, { signal });
  onScopeDispose(() => happenings.abort());
  return readonly(isLooking);
}

function looks(): boolean {
  return document.visibilityState === "visible" && document.hasFocus();
}
