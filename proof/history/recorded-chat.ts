import {
  connectChat,
  type Chat,
  type ConnectOptions,
} from "../../packages/client/src/index.ts";
import { textDigest } from "./digest.ts";
import { tellerOf, type Device } from "./recorded-device.ts";
import { recordedEnv } from "./recorded-env.ts";
import { RecordedScreen } from "./recorded-screen.ts";

export interface RecordedChat {
  chat: Chat;
  screen: RecordedScreen;
  /** Presses Enter. Throws what `chat.post` throws. */
  post(stream: string, text: string): string;
  discard(stream: string, cid: string): void;
  /** Tries a failed one again: the same message, or another with the same text. */
  retry(stream: string, cid: string): void;
}

/** The shipped client, with everything that it wrote, sent, heard and showed written down. */
export function recordedChat(
  options: ConnectOptions & Required<Pick<ConnectOptions, "env">>,
  device: Device,
): RecordedChat {
  const tell = tellerOf(device);
  tell({ k: "boot" });
  const chat = connectChat({
    ...options,
    env: recordedEnv(options.env, device),
  });
  const screen = new RecordedScreen(chat, device);
  chat.subscribe(() => {
    screen.changed();
  });
  return {
    chat,
    screen,
    post: (stream, text) => {
      const cid = chat.post(stream, text);
      tell({ k: "wrote", stream, cid, h: textDigest(text) });
      return cid;
    },
    discard: (stream, cid) => {
      tell({ k: "discarded", cid });
      chat.discard(stream, cid);
    },
    retry: (stream, cid) => {
      const before = pendingIn(chat, stream);
      const text = before.get(cid);
      if (text === undefined) return;
      chat.retry(stream, cid);
      const after = pendingIn(chat, stream);
      const h = textDigest(text);
      if (after.has(cid)) {
        tell({ k: "wrote", stream, cid, h });
        return;
      }
      tell({ k: "discarded", cid });
      for (const fresh of after.keys()) {
        if (before.has(fresh)) continue;
        tell({ k: "wrote", stream, cid: fresh, h });
      }
    },
  };
}

/** The texts of what is not stored yet, by cid. */
function pendingIn({ state }: Chat, stream: string): Map<string, string> {
  const room = state.rooms.find((one) => one.stream === stream);
  const pending = room?.timeline.pending ?? [];
  return new Map(pending.map(({ cid, text }) => [cid, text]));
}
