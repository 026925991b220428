import { afterAll, beforeAll, expect, test } from "bun:test";
import { enter, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { TestSocket } from "../testing/test-socket.ts";

let server: TestServer;
let poster: Present;
let listener: Present;

beforeAll(async () => {
  server = await startTestServer({
    ...generous,
    PARLEY_FRAME_RATE: "100000/s burst 100000",
    PARLEY_CONNECTIONS_PER_PERSON_MAX: "100",
  });
  poster = await enter(server, "Poster");
  listener = await enter(server, "Listener");
});
afterAll(() => server[Symbol.asyncDispose]());

function randomUpTo(max: number): number {
  return Math.floor(Math.random() * (max + 1));
}

/** The steps from each of the lobby's numbers to the next, and where they end. */
function stepsOf(
  socket: TestSocket,
  cursor: number,
): { steps: number[]; last: number } {
  const steps: number[] = [];
  let last = cursor;
  for (const object of socket.received) {
    if (object["stream"] !== poster.lobby) continue;
    if (object.type === "reset") last = Number(object["head"]);
    else if ("by" in object) {
      steps.push(Number(object["seq"]) - last);
      last = Number(object["seq"]);
    }
  }
  return { steps, last };
}

async function comeAndGo(cursor: number): Promise<TestSocket> {
  const { cookie } = listener.guest;
  const protocols = ["parley.v1"];
  const socket = await TestSocket.open(server, { cookie, protocols });
  const cursors = { inbox: null, [poster.lobby]: cursor };
  socket.send({ type: "hello", id: 1, epoch: poster.epoch, cursors });
  await socket.next(({ type }) => type === "ready");
  // Some follow again, from where they are, as after a hole.
  if (randomUpTo(2) === 0) {
    socket.send({ type: "unfollow", id: 2, stream: poster.lobby });
    await socket.next(({ id }) => id === 2);
    const { last } = stepsOf(socket, cursor);
    socket.send({ type: "follow", id: 3, stream: poster.lobby, cursor: last });
    await socket.next(({ id }) => id === 3);
  }
  return socket;
}

test("[S-1] [O-1] [P8] 60 joins at random moments under constant traffic see no gap and no repeat", async () => {
  let isOver = false;
  let head = 0;
  const traffic = async (): Promise<void> => {
    for (let n = 0; !isOver; n += 1) {
      const posts = Array.from({ length: 1 + randomUpTo(8) }, (_, index) =>
        poster.say(`${n} ${index}`),
      );
      for (const answer of await Promise.all(posts)) {
        head = Math.max(head, Number(answer["seq"]));
      }
    }
  };
  const posting = traffic();

  const joined: { socket: TestSocket; cursor: number }[] = [];
  const joining = Array.from({ length: 60 }, async () => {
    await Bun.sleep(randomUpTo(1_200));
    // From the head, from nearly there, from far away: all ways are taken.
    const behind = [0, 3, 40, 280, 10_000][randomUpTo(4)] ?? 0;
    const cursor = Math.max(0, head - randomUpTo(behind));
    joined.push({ socket: await comeAndGo(cursor), cursor });
  });
  await Promise.all(joining);
  isOver = true;
  await posting;
  const { seq } = await poster.say("the last");
  expect(Number(seq)).toBeGreaterThan(300);

  for (const { socket, cursor } of joined) {
    await socket.next((object) => object["text"] === "the last");
    const { steps, last } = stepsOf(socket, cursor);
    expect(last).toBe(Number(seq));
    expect(steps.filter((step) => step !== 1)).toEqual([]);
    socket.close();
  }
});
