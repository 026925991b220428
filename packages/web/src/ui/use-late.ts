import { onScopeDispose, readonly, shallowRef, watch, type Ref } from "vue";

/** Nothing shows that it is waiting before this: most waits are shorter. */
const patienceMs = 300;

/** True when something has been going on for a noticeable time. */
export function useLate(isGoingOn: () => boolean): Readonly<Ref<boolean>> {
  const isLate = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    isLate.value = false;
  };
  watch(
    isGoingOn,
    (isOn) => {
      stop();
      if (!isOn) return;
      timer = setTimeout(() => {
        isLate.value = true;
      }, patienceMs);
    },
    { immediate: true },
  );
  onScopeDispose(stop);
  return readonly(isLate);
}
