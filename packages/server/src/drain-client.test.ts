import { connectChat, type Chat, type Env } from "@parley/client";
import { expect, test } from "bun:test";
import { clientEnv } from "./testing/client-env.ts";
import type { TestServer } from "./testing/start-test-server.ts";
import { joinAs, roomsOf } from "./testing/test-guest.ts";
import { startTwoNodes } from "./testing/two-nodes.ts";

test("[P16] [D-1] [D-3] [O-2] a node that stops loses nobody's message: the shipped clients go on at the other, and no send fails", async () => {
  await using nodes = await startTwoNodes();
  let target = nodes.one;
  const { lobby, chats } = await talkers(nodes.one, 5, () => target.url);
  await until(() => chats.every(isLive));
  const said = chats.map((): string[] => []);
  const talking = setInterval(() => {
    for (const [n, chat] of chats.entries()) {
      const text = `${n}: ${said[n]?.length ?? 0}`;
      said[n]?.push(text);
      chat.post(lobby, text);
    }
  }, 25);
  await until(() => (said[0]?.length ?? 0) > 20);
  target = nodes.other;
  await nodes.one[Symbol.asyncDispose]();
  await until(() => chats.every(isLive));
  await until(() => (said[0]?.length ?? 0) > 60);
  clearInterval(talking);

  const timelines = (): string[][] =>
    chats.map((chat) => {
      const room = chat.state.rooms.find(({ stream }) => stream === lobby);
      expect(
        room?.timeline.pending.filter(({ status }) => status.kind === "failed"),
      ).toEqual([]);
      return room?.timeline.messages.map(({ text }) => text) ?? [];
    });
  const count = said.flat().length;
  await until(() => timelines().every(({ length }) => length === count));
  const [first = [], ...others] = timelines();
  for (const [n, texts] of said.entries()) {
    expect(first.filter((text) => text.startsWith(`${n}: `))).toEqual(texts);
  }
  for (const one of others) expect(one).toEqual(first);
  for (const chat of chats) chat.close();
}, 60_000);

function isLive({ state }: Chat): boolean {
  return state.connection.status === "live";
}

async function until(holds: () => boolean): Promise<void> {
  const startedAt = performance.now();
  while (!holds()) {
    if (performance.now() - startedAt > 30_000) throw new Error("never");
    await Bun.sleep(5);
  }
}

/** The shipped client for so many people; it goes wherever `url` says by then, as through a proxy. */
async function talkers(
  server: TestServer,
  count: number,
  url: () => string,
): Promise<{ lobby: string; chats: Chat[] }> {
  let lobby = "";
  const chats: Chat[] = [];
  for (let n = 0; n < count; n += 1) {
    const guest = await joinAs(server, `Person ${n}`);
    lobby = (await roomsOf(server, guest)).rooms[0]?.stream ?? "";
    const env = throughProxy(clientEnv(guest.cookie), server.url, url);
    const { me } = guest;
    const chat = connectChat({ url: server.url, me, server: "Parley", env });
    chat.open(lobby);
    chats.push(chat);
  }
  return { lobby, chats };
}

function throughProxy(env: Env, from: string, to: () => string): Env {
  const there = (address: string): string =>
    address.replace(new URL(from).host, new URL(to()).host);
  return {
    ...env,
    openSocket: (address, ...rest) => env.openSocket(there(address), ...rest),
    fetch: (request, done) =>
      env.fetch({ ...request, url: there(request.url) }, done),
  };
}
