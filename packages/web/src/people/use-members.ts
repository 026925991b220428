import { computed, readonly, shallowRef, watch, type Ref } from "vue";
import { useChat } from "../chat/use-chat.ts";
import { useRoom, type Member } from "../chat/use-room.ts";

/** People come and go in crowds; the list is asked for once per crowd … */
const settleMs = 1_500;
/** … and not by all who watch at the same moment. */
const jitterMs = 1_500;

interface MembersPage {
  /** The first of them, when they are many. */
  members: readonly Member[];
  count: number;
}

interface Members {
  members: Readonly<Ref<readonly Member[]>>;
  /** undefined until it is known. */
  count: Readonly<Ref<number | undefined>>;
}

interface Answer {
  /** The number in the room up to which it holds, at least. */
  asOf: number;
  /** Until it is asked for, it will hold for what happens meanwhile, too. */
  isAsked: boolean;
  page: Promise<MembersPage>;
}

/**
 * The last answer per room. Two parts of the screen show it: the server is
 * asked once, and both say the same.
 */
const answers = new Map<string, Answer>();

/** Who is in a room, kept right while it is looked at. */
export function useMembers(stream: () => string): Members {
  const { state } = useChat();
  const { room, members: ask } = useRoom(stream);
  const asOf = computed(() => room.value?.membersAsOf ?? 0);
  const isLive = computed(() => state.value.connection.status === "live");
  const members = shallowRef<readonly Member[]>([]);
  const count = shallowRef<number>();
  let shown = -1;

  let wasThere = false;
  watch(
    room,
    (present) => {
      wasThere ||= present !== undefined;
    },
    { immediate: true },
  );
  /** Of a room that one was taken out of meanwhile nothing is told. */
  const askThere = (): Promise<MembersPage> =>
    wasThere && room.value === undefined
      ? Promise.reject(new Error("One is in this room no more."))
      : ask();

  const load = async (waitMs: number): Promise<void> => {
    let answer = answers.get(stream());
    if (answer?.isAsked === false) answer.asOf = asOf.value;
    else if (answer?.asOf !== asOf.value) {
      answer = answerIn(waitMs, asOf.value, askThere);
      answers.set(stream(), answer);
    }
    try {
      const page = await answer.page;
      if (answer.asOf < shown) return;
      shown = answer.asOf;
      members.value = page.members;
      count.value = page.count;
    } catch {
      // The list stays as it was, until the room changes or the line is back.
      if (answers.get(stream()) === answer) answers.delete(stream());
    }
  };
  const loadSoon = () => void load(settleMs + Math.random() * jitterMs);
  watch(asOf, loadSoon);
  watch(isLive, (isBack) => {
    if (isBack && !answers.has(stream())) loadSoon();
  });
  void load(0);
  return { members: readonly(members), count: readonly(count) };
}

function answerIn(
  waitMs: number,
  asOf: number,
  ask: () => Promise<MembersPage>,
): Answer {
  const answer: Answer = {
    ...{ asOf, isAsked: false },
    page: new Promise((resolve) => setTimeout(resolve, waitMs)).then(() => {
      answer.isAsked = true;
      return ask();
    }),
  };
  return answer;
}
