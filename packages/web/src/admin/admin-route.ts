import { onScopeDispose, readonly, shallowRef, type Ref } from "vue";

export const adminSections = [
  "people",
  "invitations",
  "rooms",
  "settings",
  "outbound",
  "log",
] as const;
export type AdminSection = (typeof adminSections)[number];

/** Which section is open: in the address, so that Back works. undefined: the list. */
export function useAdminRoute(): {
  section: Readonly<Ref<AdminSection | undefined>>;
} {
  const section = shallowRef(readSection(location.hash));
  const happenings = new AbortController();
  const update = (): void => {
    section.value = readSection(location.hash);
  };
  window.addEventListener("hashchange", update, { signal: happenings.signal });
  onScopeDispose(() => happenings.abort());
  return { section: readonly(section) };
}

export function readSection(hash: string): AdminSection | undefined {
  const name = hash.replace(/^#\/?/u, "");
  return adminSections.find((one) => one === name);
}
