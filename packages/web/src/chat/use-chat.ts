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

/** The chat that the components of one screen share. */
export interface ChatHandle {
  /** For the other files of this folder; components use what they return. */
  readonly chat: Chat;
  readonly state: Readonly<Ref<ChatState>>;
}

const chatKey: InjectionKey<ChatHandle> = Symbol("chat");

/** Connects, for as long as the calling component is there. */
export function provideChat(me: Me, server: string): ChatHandle {
  const chat = connectChat({ url: location.origin, me, server });
  const state = shallowRef(chat.state);
  const stop = chat.subscribe(() => {
    state.value = chat.state;
  });
  onScopeDispose(() => {
    stop();
    chat.close();
  });
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
