import { connectChat, type Chat, type ChatState } from "@parley/client";
import type { Me } from "@parley/protocol";
import {
  inject,
  onScopeDispose,
  provide,
  shallowRef,
  type InjectionKey,
  type Ref,
} from "vue";
import { renewed } from "./renewal.ts";

/** The chat that the components of one screen share. */
export interface ChatHandle {
  /** For the other files of this folder; components use what they return. */
  readonly chat: Chat;
  readonly state: Readonly<Ref<ChatState>>;
}

const chatKey: InjectionKey<ChatHandle> = Symbol("chat");

/** Connects, for as long as the calling component is there. */
export function provideChat(me: Me, server: string): ChatHandle {
  const chat = connectChat({
    ...{ url: location.origin, me, server, keeps: true },
    settled: (go) => void renewed().then(go),
  });
  const state = shallowRef(chat.state);
  const stop = chat.subscribe(() => {
    state.value = chat.state;
  });
  window.addEventListener("beforeunload", warn);
  onScopeDispose(() => {
    window.removeEventListener("beforeunload", warn);
    stop();
    chat.close();
  });
  /** The browser asks whether to go, where going would lose what is not sent. */
  function warn(event: BeforeUnloadEvent): void {
    const { isKept, rooms } = chat.state;
    const isUnsent = rooms.some(({ timeline }) => timeline.pending.length > 0);
    if (isUnsent && !isKept) event.preventDefault();
  }
  const handle = { chat, state };
  provide(chatKey, handle);
  return handle;
}

/** The chat of the screen that the calling component is part of. */
export function useChat(): ChatHandle {
  const handle = inject(chatKey);
  if (handle === undefined) throw new Error("There is no chat around this.");
  return handle;
}
