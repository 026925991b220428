import { computed, type ComputedRef } from "vue";
import { useMedia } from "../ui/use-media.ts";

/** Phone: one thing at a time. Middle: two columns. Wide: three. */
export type Layout = "phone" | "middle" | "wide";

export function useLayout(): ComputedRef<Layout> {
  const isWide = useMedia("(min-width: 1100px)");
  const isPhone = useMedia("(max-width: 719.98px)");
  return computed(() => {
    if (isPhone.value) return "phone";
    return isWide.value ? "wide" : "middle";
  });
}
