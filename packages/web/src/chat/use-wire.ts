import type { WireReport } from "@parley/client";
import { onScopeDispose, shallowRef, type Ref } from "vue";
import { useChat } from "./use-chat.ts";

/** The facts about the connection, for as long as somebody looks at them. */
export function useWire(): {
  report: Readonly<Ref<WireReport>>;
  reconnectNow: () => void;
} {
  const { chat } = useChat();
  const report = shallowRef(chat.wire);
  onScopeDispose(
    chat.subscribeWire(() => {
      report.value = chat.wire;
    }),
  );
  return { report, reconnectNow: () => chat.reconnectNow() };
}
