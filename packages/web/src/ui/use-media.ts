import { onScopeDispose, readonly, shallowRef, type Ref } from "vue";

/** Whether a media query holds, for as long as the component is there. */
export function useMedia(query: string): Readonly<Ref<boolean>> {
  const list = matchMedia(query);
  const matches = shallowRef(list.matches);
  const update = (): void => {
    matches.value = list.matches;
  };
  list.addEventListener("change", update);
  onScopeDispose(() => list.removeEventListener("change", update));
  return readonly(matches);
}
