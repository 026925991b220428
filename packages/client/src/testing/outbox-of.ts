import { ann, lobby, type Scene } from "./scene.ts";
import type { Browser } from "./wire.ts";

/** What Ann has said in a room, as the server has it. */
export function mine({ server }: Scene, stream = lobby): string[] {
  const own = server.messages(stream).filter(({ by }) => by === ann);
  return own.map(({ text }) => text);
}

/** Items in the storage, as the next page will find them. */
export function kept({ storage }: Browser): string[] {
  const texts: string[] = [];
  storage.contents.load("", (records) => {
    for (const [key, value] of records ?? []) {
      if (key.includes(" outbox "))
        texts.push((value as { text: string }).text);
    }
  });
  return texts;
}
