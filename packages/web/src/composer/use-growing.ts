import { onMounted, watch, type Ref } from "vue";

/** Lets a text area be as high as its text, up to the style's max-height. */
export function useGrowing(
  field: Readonly<Ref<HTMLTextAreaElement | null>>,
  text: Readonly<Ref<string>>,
): void {
  const grow = (): void => {
    const { value } = field;
    if (value === null) return;
    // Only an empty height lets scrollHeight shrink again.
    value.style.height = "";
    value.style.height = `${value.scrollHeight}px`;
  };
  onMounted(grow);
  watch(text, grow, { flush: "post" });
}
