import { afterAll, beforeAll, beforeEach, expect, test } from "bun:test";
import { readFrame } from "@parley/protocol";
import { cid, enter, expectServing, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { jsonFrame, opcodes } from "../testing/raw-frames.ts";
import { handshakeRequest, RawSocket } from "../testing/raw-socket.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import {
  startTcpProxy,
  type Link,
  type TcpProxy,
} from "../testing/tcp-proxy.ts";

// A resume that is cut after each of its bytes, on the way there and on the
// way back: what the client then has is a run, and so is the rest.

const head = 12;
const at = 3;

/** Connections at the same time. */
const atOnce = 16;

let server: TestServer;
let ann: Present;
let room: string;
let proxy: TcpProxy;
let request: Buffer;

/** After how many bytes the next connection is cut, on which way. */
let nextCut: () => { way: "there" | "back"; bytes: number };
const cuts = new WeakMap<Link, { way: "there" | "back"; bytes: number }>();

/** Passes on what is left up to the cut, and cuts there. */
function passUpTo(way: "there" | "back", data: Buffer, link: Link) {
  let cut = cuts.get(link);
  if (cut === undefined) {
    cut = nextCut();
    cuts.set(link, cut);
  }
  if (cut.way !== way) return data;
  const part = data.subarray(0, cut.bytes);
  cut.bytes -= part.length;
  if (cut.bytes > 0) return part;
  if (way === "there") link.server.end(part, () => link.client.destroy());
  else link.client.end(part, () => link.server.destroy());
  return undefined;
}

beforeAll(async () => {
  server = await startTestServer({ ...generous, PARLEY_LIMITS: "off" });
  ann = await enter(server, "Ann");
  room = await ann.makeRoom(`Room ${cid()}`);
  for (let n = 3; n <= head; n += 1) await ann.say(`number ${n} 你好`, room);
  proxy = await startTcpProxy(server.port, {
    toServer: (data, link) => passUpTo("there", data, link),
    toClient: (data, link) => passUpTo("back", data, link),
  });
  const headers = {
    "Sec-WebSocket-Protocol": "parley.v1",
    Cookie: ann.guest.cookie,
  };
  request = Buffer.concat([
    Buffer.from(handshakeRequest(server, { headers })),
    helloFrom(at),
  ]);
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await expectServing(server);
  await server[Symbol.asyncDispose]();
});

let tried: number;
beforeEach(() => (tried = 0));

function helloFrom(cursor: number): Buffer {
  const { epoch } = ann;
  const cursors = { inbox: null, [room]: cursor };
  return jsonFrame({ type: "hello", id: 1, epoch, cursors });
}

/** Everything at once through the proxy; the room's numbers that came whole. */
async function resumeUntilCut(): Promise<{ seqs: number[]; isReady: boolean }> {
  const socket = await RawSocket.connect(proxy);
  socket.write(request);
  const { status } = await socket.response();
  const seqs: number[] = [];
  let isReady = false;
  while (status === 101 && !isReady) {
    const frame = await socket.frame();
    if (frame === undefined || frame.opcode === opcodes.close) break;
    for (const object of readFrame(frame.payload.toString())) {
      if (object["stream"] === room) seqs.push(Number(object["seq"]));
      if (object.type === "ready") isReady = true;
    }
  }
  socket.close();
  return { seqs, isReady };
}

/** The rest, without the proxy. */
async function resumeFrom(cursor: number): Promise<number[]> {
  const back = await enter(server, "", {
    guest: ann.guest,
    cursors: { [room]: cursor },
  });
  const own = back.socket.received.filter(({ stream }) => stream === room);
  await back.leave();
  return own.map(({ seq }) => Number(seq));
}

function run(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

/** Cuts after 1, 2, 3 … bytes, until one comes through. */
async function cutEverywhere(way: "there" | "back"): Promise<Set<string>> {
  nextCut = () => ({ way, bytes: (tried += 1) });
  const outcomes = new Set<string>();
  let isThrough = false;
  const one = async (): Promise<void> => {
    while (!isThrough) {
      const { seqs, isReady } = await resumeUntilCut();
      if (isReady) isThrough = true;
      expect(seqs).toEqual(run(at + 1, at + seqs.length));
      outcomes.add(seqs.join());
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return outcomes;
}

test("[P8] [S-1] an answer that is cut after any of its bytes leaves a run, and the next hello brings the rest", async () => {
  const outcomes = await cutEverywhere("back");
  expect(tried).toBeGreaterThan(1_500);
  // The replay came as a whole or not at all: it is one frame.
  for (const outcome of outcomes) {
    const last = outcome === "" ? at : Number(outcome.split(",").at(-1));
    expect(await resumeFrom(last)).toEqual(run(last + 1, head));
  }
}, 20_000);

test("[P8] [L-3] a question that is cut after any of its bytes harms nobody", async () => {
  const ending = cutEverywhere("there");
  await ending;
  expect(tried).toBeGreaterThanOrEqual(request.length);
  expect(await resumeFrom(at)).toEqual(run(at + 1, head));
}, 20_000);
