import { connectChat, type Chat } from "@parley/client";
import { afterAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { clientEnv } from "./testing/client-env.ts";
import { clusterSettings, isOnCluster } from "./testing/cluster-places.ts";
import { startParley } from "./testing/parley-process.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";
import { joinAs, roomsOf } from "./testing/test-guest.ts";

const folder = temporaryFolder();
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const people = 20;
const messagesEach = 10;

/** Resolves when it holds for all chats; asked again after each change. */
function whenAll(
  chats: readonly Chat[],
  holds: (chat: Chat) => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    const stops: (() => void)[] = [];
    const check = (): void => {
      if (!chats.every(holds)) return;
      for (const stop of stops) stop();
      resolve();
    };
    for (const chat of chats) stops.push(chat.subscribe(check));
    check();
  });
}

test("[P1] [P8] [V-1] [V-4] [O-2] 20 of the shipped clients post while the server is killed: all come back by themselves and show every message once, in one order", async () => {
  const environment = {
    PARLEY_DATA: folder,
    PARLEY_LIMITS: "off",
    PARLEY_LOG: "error",
    ...(isOnCluster ? await clusterSettings(folder) : {}),
  };
  const first = await startParley({ environment });
  const { rooms } = await roomsOf(first, await joinAs(first, "Watcher"));
  const lobby = rooms[0]?.stream ?? "";
  const chats: Chat[] = [];
  for (let n = 0; n < people; n += 1) {
    const { me, cookie } = await joinAs(first, `Person ${n}`);
    const env = clientEnv(cookie);
    const chat = connectChat({ url: first.url, me, server: "Parley", env });
    chat.open(lobby);
    chats.push(chat);
  }
  const isLive = ({ state }: Chat) => state.connection.status === "live";
  await whenAll(chats, isLive);

  const timelineOf = ({ state }: Chat) =>
    state.rooms.find(({ stream }) => stream === lobby)?.timeline;
  for (const [person, chat] of chats.entries()) {
    for (let n = 0; n < messagesEach; n += 1) {
      chat.post(lobby, `${person}: ${n}`);
    }
  }
  // Killed in the middle: some are stored and acknowledged, some are not.
  await whenAll(
    chats.slice(0, 1),
    (chat) => (timelineOf(chat)?.messages.length ?? 0) > 20,
  );
  first.signal("SIGKILL");
  await first.exited;
  const unsent = chats.filter(
    (chat) => (timelineOf(chat)?.pending.length ?? 0) > 0,
  );
  expect(unsent.length).toBeGreaterThan(0);

  await using second = await startParley({
    environment: { ...environment, PORT: String(first.port) },
  });
  expect(second.port).toBe(first.port);
  const all = people * messagesEach;
  await whenAll(
    chats,
    (chat) =>
      isLive(chat) &&
      timelineOf(chat)?.pending.length === 0 &&
      timelineOf(chat)?.messages.length === all,
  );

  const shown = chats.map((chat) =>
    (timelineOf(chat)?.messages ?? []).map(
      ({ seq, cid, text }) => `${seq} ${cid} ${text}`,
    ),
  );
  for (const screen of shown) expect(screen).toEqual(shown[0] ?? []);
  const texts = (timelineOf(chats[0] as Chat)?.messages ?? []).map(
    ({ text }) => text,
  );
  expect(new Set(texts).size).toBe(all);
  for (let person = 0; person < people; person += 1) {
    const own = texts.filter((text) => text.startsWith(`${person}: `));
    const sent = own.map((_, n) => `${person}: ${n}`);
    expect(own).toEqual(sent);
  }
  for (const chat of chats) chat.close();
}, 60_000);
