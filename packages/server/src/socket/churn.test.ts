import { afterAll, beforeAll, expect, test } from "bun:test";
import { enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { jsonFrame } from "../testing/raw-frames.ts";
import { handshakeRequest, RawSocket } from "../testing/raw-socket.ts";
import {
  startTestServer,
  type OpenTestServer,
} from "../testing/start-test-server.ts";
import { joinAs, roomsOf } from "../testing/test-guest.ts";
import { TestSocket } from "../testing/test-socket.ts";

// People come and go in every way there is, by the thousand; then nobody is
// there, and nothing is remembered of them.

const secondMs = 20;
const rounds = 25;
const perRound = 10;

let server: OpenTestServer;
let cookies: string[];
let cursors: Record<string, number>;
let epoch: string;
let lobby: string;

beforeAll(async () => {
  // The limits are on, and nobody reaches them.
  const environment = {
    ...generous,
    PARLEY_CONNECTIONS_PER_ADDRESS_MAX: "100000",
    PARLEY_ANONYMOUS_PER_ADDRESS_MAX: "100000",
    PARLEY_CONNECTIONS_PER_PERSON_MAX: "100000",
    PARLEY_JOIN_RATE: "1000/s burst 1000",
  };
  server = await startTestServer(environment, { secondMs });
  const guests = await Promise.all(
    Array.from({ length: 50 }, (_, n) => joinAs(server, `Guest ${n}`)),
  );
  cookies = guests.map(({ cookie }) => cookie);
  const [first] = guests;
  if (first === undefined) throw new Error("nobody has joined");
  const known = await roomsOf(server, first);
  ({ epoch } = known);
  lobby = known.rooms[0]?.stream ?? "";
  cursors = { inbox: known.inbox, [lobby]: known.rooms[0]?.head ?? 0 };
});
afterAll(() => server[Symbol.asyncDispose]());

let nextCookie = 0;
function cookie(): string {
  nextCookie += 1;
  return cookies[nextCookie % cookies.length] ?? "";
}

function hello(): Buffer {
  return jsonFrame({ type: "hello", id: 1, epoch, cursors });
}

function headers() {
  return { "Sec-WebSocket-Protocol": "parley.v1", Cookie: cookie() };
}

async function greeted(): Promise<RawSocket> {
  const socket = await RawSocket.upgrade(server, headers());
  socket.write(hello());
  await socket.object(({ type }) => type === "ready");
  return socket;
}

/** Sockets that are half open: this side holds them and says no more. */
const halfOpen: RawSocket[] = [];

/** Each a way to come and to go. */
const ways: Record<string, () => Promise<void>> = {
  "says hello and good-bye": async () => {
    const protocols = ["parley.v1"];
    const socket = await TestSocket.open(server, {
      cookie: cookie(),
      protocols,
    });
    socket.send({ type: "hello", id: 1, epoch, cursors });
    await socket.next(({ type }) => type === "ready");
    socket.close();
    await socket.closed;
  },
  "is reset right after hello": async () => {
    const socket = await RawSocket.upgrade(server, headers());
    socket.write(hello());
    socket.reset();
  },
  "is reset while it types": async () => {
    const socket = await greeted();
    socket.write(jsonFrame({ type: "typing", stream: lobby }));
    socket.reset();
  },
  "ends half way through the handshake": async () => {
    const socket = await RawSocket.connect(server);
    const request = handshakeRequest(server, { headers: headers() });
    socket.write(request.slice(0, request.length / 2));
    socket.reset();
  },
  "leaves without having said anything": async () => {
    const socket = await RawSocket.upgrade(server, headers());
    socket.halfClose();
    await socket.ended;
    socket.close();
  },
  "vanishes without a word": async () => {
    halfOpen.push(await greeted());
  },
  "vanishes before hello": async () => {
    halfOpen.push(await RawSocket.upgrade(server, headers()));
  },
  "has a cookie that opens nothing": async () => {
    const strange = { Cookie: `parley=${"x".repeat(43)}` };
    const socket = await RawSocket.upgrade(server, {
      ...headers(),
      ...strange,
    });
    await socket.closing();
    socket.close();
  },
  "speaks simply and vanishes": async () => {
    const socket = await RawSocket.upgrade(server);
    socket.write(
      jsonFrame({ email: "a@example.org", username: "Ann", message: "hi" }),
    );
    halfOpen.push(socket);
  },
};

/** Resolves when nothing is held but what was before. */
async function settled(before: object): Promise<void> {
  const until = performance.now() + 10_000;
  while (performance.now() < until && !Bun.deepEquals(server.held(), before)) {
    await Bun.sleep(secondMs);
  }
  expect(server.held()).toEqual(before as ReturnType<OpenTestServer["held"]>);
}

test("[L-4] [F26] after two thousand came and went in every way, half of them without a word, nothing is held of them", async () => {
  const nothing = {
    ...{ sockets: 0, newcomers: 0, slow: 0, addresses: 0, people: 0 },
    comingBack: 0,
    // The simple wire hears the lobby, and the node the place's log.
    ...{ feeds: 2, typing: 0, presence: 0, buckets: 0, pinged: 0 },
  };
  await settled(nothing);
  let came = 0;
  for (let round = 0; round < rounds; round += 1) {
    const all = Object.values(ways).flatMap((way) =>
      Array.from({ length: perRound }, way),
    );
    await Promise.all(all);
    came += all.length;
  }
  expect(came).toBeGreaterThan(2_000);
  expect(server.held().sockets).toBeGreaterThan(0);
  await settled(nothing);
  for (const socket of halfOpen) socket.close();
  await expectServing(server);
  await settled(nothing);
}, 60_000);

test("[L-4] [S-4] a typist who vanishes is heard of no more after six seconds, and held no longer than the sweep", async () => {
  const listener: Present = await enter(server, "Listener");
  const typist = await greeted();
  typist.write(jsonFrame({ type: "typing", stream: lobby }));
  const typing = await listener.socket.next(({ type }) => type === "typing");
  // Half a second has passed when it is told.
  expect(Number(typing["ttlMs"])).toBeLessThanOrEqual(5_500);
  const told = (): number =>
    listener.socket.received.filter(({ type }) => type === "typing").length;
  const before = told();
  await typist.closing();
  expect(told()).toBe(before);
  expect(server.held().people).toBe(1);
  typist.close();
  await listener.leave();
});
