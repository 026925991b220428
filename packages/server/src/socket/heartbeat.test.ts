import { beforeEach, expect, test } from "bun:test";
import { closeCodes } from "@parley/protocol";
import { Heartbeat } from "./heartbeat.ts";
import type { Socket, Ws } from "./socket.ts";

// The wheel alone, second by second; silent-peers.test.ts turns it in a server.

interface Peer {
  ws: Ws;
  /** What was done to it, in order. */
  fate: (string | number)[];
  socket: { heardAt: number; isGreeted: boolean; backlogBytes: number };
}

let heartbeat: Heartbeat;
let pings: { topic: string; second: number }[];
let ended: Set<Ws>;

beforeEach(() => {
  pings = [];
  ended = new Set();
  const publisher = {
    publish: (topic: string) => {
      pings.push({ topic, second: heartbeat.clock.seconds });
    },
    subscriberCount: () => 0,
  };
  heartbeat = new Heartbeat(publisher, (ws) => {
    if (ended.has(ws)) ws.data.socket.close(closeCodes.sessionEnded);
  });
});

function connect({ speaksParley = true, isGreeted = true } = {}): Peer {
  const fate: Peer["fate"] = [];
  const socket = {
    speaksParley,
    isGreeted,
    heardAt: heartbeat.clock.seconds,
    backlogBytes: 0,
    close: ({ code }: { code: number }) => fate.push(code),
    terminate: () => fate.push("terminated"),
    holdSignals: () => fate.push("no signals"),
    releaseSignals: () => fate.push("signals"),
  };
  const ws = {
    data: { socket: socket as unknown as Socket, slot: heartbeat.takeSlot() },
    subscribe: (topic: string) => fate.push(topic),
    ping: () => fate.push("ping"),
    getBufferedAmount: () => socket.backlogBytes,
  } as unknown as Ws;
  heartbeat.add(ws);
  return { ws, fate, socket };
}

function pass(seconds: number, eachSecond: () => void = () => undefined): void {
  for (let n = 0; n < seconds; n += 1) {
    heartbeat.tick();
    eachSecond();
  }
}

test("each of the 25 slots is pinged once in 25 seconds, one per second", () => {
  pass(50);
  expect(new Set(pings.map(({ topic }) => topic)).size).toBe(25);
  for (const { topic, second } of pings.slice(25)) {
    expect(pings).toContainEqual({ topic, second: second - 25 });
  }
});

test("sockets are spread over the slots evenly", () => {
  const slots = Array.from({ length: 50 }, () => connect().ws.data.slot);
  for (const slot of slots) {
    expect(slots.filter((one) => one === slot)).toHaveLength(2);
  }
});

test("[F26] who is not heard is ended at most 36 seconds after their last word", () => {
  for (let early = 0; early < 25; early += 1) {
    const peer = connect();
    const heardAt = heartbeat.clock.seconds;
    while (!peer.fate.includes("terminated")) pass(1);
    const silence = heartbeat.clock.seconds - heardAt;
    // Not before they were asked and had ten seconds to answer.
    expect(silence).toBeWithin(11, 37);
    heartbeat.remove(peer.ws);
    pass(early);
  }
});

test("who answers within ten seconds lives", () => {
  const peer = connect();
  pass(200, () => {
    const ping = pings.findLast(({ topic }) => peer.fate.includes(topic));
    const { seconds } = heartbeat.clock;
    if (ping && seconds - ping.second === 10) peer.socket.heardAt = seconds;
  });
  expect(peer.fate).not.toContain("terminated");
});

test("[H14] who has not said hello after ten seconds is closed with 4001", () => {
  const silent = connect({ isGreeted: false });
  const greeted = connect({ isGreeted: false });
  pass(10, () => (greeted.socket.isGreeted = true));
  expect(silent.fate).not.toContain(4001);
  pass(1);
  expect(silent.fate).toContain(4001);
  expect(greeted.fate).not.toContain(4001);
});

test("the simple wire is asked by a ping of RFC 6455, and need not say hello", () => {
  const peer = connect({ speaksParley: false, isGreeted: false });
  pass(50, () => (peer.socket.heardAt = heartbeat.clock.seconds));
  expect(peer.fate).toEqual(["ping", "ping"]);
});

test("[P14] [T47] a reader that makes no progress for ten seconds is closed with 4108", () => {
  const { fate, socket } = connect();
  socket.backlogBytes = 300_000;
  // Nobody becomes slow in a second in which nothing was sent.
  heartbeat.clock.hasSent = true;
  const alive = (): void => void (socket.heardAt = heartbeat.clock.seconds);
  pass(10, alive);
  expect(fate).not.toContain(closeCodes.slowReader.code);
  pass(1, alive);
  expect(fate).toContain(closeCodes.slowReader.code);
});

test("[P14] a reader that makes progress, or has little to read, is left alone", () => {
  const slow = connect();
  slow.socket.backlogBytes = 900_000;
  const brief = connect();
  brief.socket.backlogBytes = 200_000;
  heartbeat.clock.hasSent = true;
  pass(60, () => {
    for (const { socket } of [slow, brief]) {
      socket.heardAt = heartbeat.clock.seconds;
    }
    if (heartbeat.clock.seconds % 9 === 0) slow.socket.backlogBytes -= 1_000;
  });
  expect(slow.fate).not.toContain(closeCodes.slowReader.code);
  expect(brief.fate).not.toContain(closeCodes.slowReader.code);
});

test("[A-2] a session that has expired is closed with 4003 at the next sweep", () => {
  const { ws, fate, socket } = connect();
  ended.add(ws);
  pass(36, () => (socket.heardAt = heartbeat.clock.seconds));
  expect(fate).toContain(closeCodes.sessionEnded.code);
});

test("what is removed is counted no more and never touched again", () => {
  const peers = Array.from({ length: 60 }, () => connect());
  expect(heartbeat.count).toBe(60);
  for (const { ws } of peers) heartbeat.remove(ws);
  expect(heartbeat.count).toBe(0);
  pass(80);
  for (const { fate } of peers) expect(fate).toHaveLength(1);
});
