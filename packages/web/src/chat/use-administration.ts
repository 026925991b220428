import { administration, type Administration } from "@parley/client";
import { inject, provide, type InjectionKey } from "vue";

export type {
  ActEntry,
  Administration,
  InvitationEntry,
  InvitationWish,
  LinkToken,
  OutboundEntry,
  PersonEntry,
  RoomEntry,
} from "@parley/client";

const overKey: InjectionKey<() => void> = Symbol("the session is over");

/**
 * Calls when whatever is asked below this component is answered by: nobody is
 * signed in here. Without a chat, no connection would say so.
 */
export function watchSession(isOver: () => void): void {
  provide(overKey, isOver);
}

/** What those who run the place can do, over HTTP. */
export function useAdministration(): Administration {
  const isOver = inject(overKey, undefined);
  const all = administration(location.origin);
  return isOver === undefined ? all : telling(all, isOver);
}

type Ask = (...given: unknown[]) => Promise<unknown>;

function telling(all: Administration, isOver: () => void): Administration {
  const told = Object.entries(all).map(([name, ask]): [string, Ask] => [
    name,
    async (...given) => {
      try {
        return await (ask as Ask)(...given);
      } catch (error) {
        const { code } = error as { code?: unknown };
        if (code === "unauthenticated") isOver();
        throw error;
      }
    },
  ]);
  return Object.fromEntries(told) as unknown as Administration;
}
