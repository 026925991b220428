import type { Person } from "@parley/protocol";
import { onScopeDispose, readonly, shallowRef, watch, type Ref } from "vue";
import { useRoom } from "../chat/use-room.ts";

/** People come and go in crowds; the list is asked for once per crowd … */
const settleMs = 1_500;
/** … and not by all who watch at the same moment. */
const jitterMs = 1_500;

interface MembersPage {
  /** The first of them, when they are many. */
  members: readonly Person[];
  count: number;
}

interface Members {
  members: Readonly<Ref<readonly Person[]>>;
  /** undefined until it is known. */
  count: Readonly<Ref<number | undefined>>;
}

/** The last answer per room, and at which of its numbers it was asked for. */
const answers = new Map<string, { at: number; page: Promise<MembersPage> }>();

/** Who is in a room, kept right while it is looked at. */
export function useMembers(stream: () => string): Members {
  const { room, members: ask } = useRoom(stream);
  const members = shallowRef<readonly Person[]>([]);
  const count = shallowRef<number>();
  let timer: ReturnType<typeof setTimeout> | undefined;

  const load = async (): Promise<void> => {
    const at = room.value?.head ?? 0;
    let answer = answers.get(stream());
    // Two parts of the screen show this; the server is asked by one of them.
    if (answer?.at !== at) {
      answer = { at, page: ask() };
      answers.set(stream(), answer);
    }
    try {
      const page = await answer.page;
      members.value = page.members;
      count.value = page.count;
    } catch {
      // The list stays as it was; the next change of the room asks again.
      answers.delete(stream());
    }
  };
  // A number in the stream that is not a message's may be a join or a leave.
  watch(
    () => {
      const { head = 0, timeline } = room.value ?? {};
      return timeline?.messages.at(-1)?.seq === head ? 0 : head;
    },
    (head) => {
      if (head === 0) return;
      clearTimeout(timer);
      timer = setTimeout(
        () => void load(),
        settleMs + Math.random() * jitterMs,
      );
    },
  );
  void load();
  onScopeDispose(() => clearTimeout(timer));
  return { members: readonly(members), count: readonly(count) };
}
