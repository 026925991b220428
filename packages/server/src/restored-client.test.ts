import { connectChat, type Chat } from "@parley/client";
import { afterAll, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import path from "node:path";
import { clientEnv } from "./testing/client-env.ts";
import { runParley, startParley } from "./testing/parley-process.ts";
import { temporaryFolder } from "./testing/temporary-folder.ts";
import { joinAs, roomsOf } from "./testing/test-guest.ts";

const folder = temporaryFolder();
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Resolves when it holds; asked again after each change. */
function when(chat: Chat, holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const stops: (() => void)[] = [];
    const check = (): void => {
      if (!holds()) return;
      for (const stop of stops) stop();
      resolve();
    };
    stops.push(chat.subscribe(check));
    check();
  });
}

test("[P23] [I2] [V-4] a client that was further than the backup ends with exactly the restored log, and its unsent message arrives once", async () => {
  const data = path.join(folder, "data");
  const backup = path.join(folder, "backup.db");
  const environment = {
    PARLEY_DATA: data,
    PARLEY_LIMITS: "off",
    PARLEY_LOG: "error",
  };
  const run = async (...words: string[]) => {
    const ran = await runParley({ words, environment });
    expect(ran).toMatchObject({ code: 0, errors: "" });
  };
  const connect = ({ url }: { url: string }, guest: Guest): Chat => {
    const env = clientEnv(guest.cookie);
    const chat = connectChat({ url, me: guest.me, server: "Parley", env });
    chat.open(lobby);
    return chat;
  };
  const timelineOf = ({ state }: Chat) =>
    state.rooms.find(({ stream }) => stream === lobby)?.timeline;
  const textsOf = (chat: Chat) =>
    (timelineOf(chat)?.messages ?? []).map(({ text }) => text);
  const hasSettled = (chat: Chat) => timelineOf(chat)?.pending.length === 0;
  const post = async (chat: Chat, branch: string, from: number, to: number) => {
    for (let n = from; n <= to; n += 1) chat.post(lobby, `${branch} ${n}`);
    await when(
      chat,
      () => hasSettled(chat) && textsOf(chat).includes(`${branch} ${to}`),
    );
  };

  const first = await startParley({ environment });
  type Guest = Awaited<ReturnType<typeof joinAs>>;
  const annGuest = await joinAs(first, "Ann");
  const bobGuest = await joinAs(first, "Bob");
  const { rooms } = await roomsOf(first, annGuest);
  const lobby = rooms[0]?.stream ?? "";
  const ann = connect(first, annGuest);
  await post(ann, "kept", 1, 80);
  await run("backup", backup);
  await post(ann, "lost", 81, 120);

  first.signal("SIGKILL");
  await first.exited;
  await when(ann, () => ann.state.connection.status !== "live");
  ann.post(lobby, "written while nobody was there");
  await run("restore", backup, "--replace");

  // Before Ann is back, others are already further than she was.
  const second = await startParley({ environment });
  const bob = connect(second, bobGuest);
  await post(bob, "new", 81, 130);
  bob.close();
  second.signal("SIGTERM");
  await second.exited;
  await using third = await startParley({
    environment: { ...environment, PORT: String(first.port) },
  });
  const own = "written while nobody was there";
  await when(ann, () => hasSettled(ann) && textsOf(ann).includes(own));

  const numbers = (branch: string, from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, n) => `${branch} ${from + n}`);
  const wanted = [...numbers("kept", 1, 80), ...numbers("new", 81, 130), own];
  expect(textsOf(ann).filter((text) => text.startsWith("lost"))).toEqual([]);
  // What is on her screen is the end of the log, without a hole …
  expect(textsOf(ann)).toEqual(wanted.slice(-textsOf(ann).length));
  // … and somebody who knew nothing before sees the same rows, by number.
  const fresh = connect(third, bobGuest);
  await when(fresh, () => textsOf(fresh).includes(own));
  const rowsOf = (chat: Chat) =>
    (timelineOf(chat)?.messages ?? []).map(
      ({ seq, cid, text }) => `${seq} ${cid} ${text}`,
    );
  const fewer = Math.min(rowsOf(ann).length, rowsOf(fresh).length);
  expect(fewer).toBeGreaterThan(40);
  expect(rowsOf(ann).slice(-fewer)).toEqual(rowsOf(fresh).slice(-fewer));
  ann.close();
  fresh.close();
}, 60_000);
