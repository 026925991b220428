import { shallowRef, type Ref } from "vue";
import { keepDraft, readDraft } from "./drafts.ts";

/** The text being written in a room, kept on the device as it changes. */
export function useDraft(
  person: string,
  stream: string,
): { text: Readonly<Ref<string>>; write: (text: string) => void } {
  const place = { person, stream };
  const text = shallowRef(readDraft(place));
  return {
    text,
    write: (written) => {
      text.value = written;
      keepDraft(place, written);
    },
  };
}
