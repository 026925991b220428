import { Random } from "./random.ts";
import { VirtualTime, type Due } from "./virtual-time.ts";

// Has to be imported before anything of the product: from then on no code of
// this process reaches the real clock, real chance or a real timer. What would
// read them all the same, two runs of one seed show.

/** What the runner itself still needs of the real machine. */
export const real = {
  nowMs: performance.now.bind(performance),
  /** Lets the real event loop have a turn. */
  turn: (): Promise<void> =>
    new Promise((resolve) => {
      setImmediateOfBun(resolve);
    }),
};

const setImmediateOfBun = globalThis.setImmediate;

export const time = new VirtualTime();

let random = new Random(0);

/** Begins a run: nothing of the one before is left. */
export function restart(seed: number): void {
  time.reset();
  random = new Random(seed);
}

const DateOfBun = Date;

class VirtualDate extends DateOfBun {
  constructor(...given: unknown[]) {
    if (given.length === 0) super(time.wall());
    else super(...(given as [number]));
  }

  static override now(): number {
    return time.wall();
  }
}

type Callback = (...given: unknown[]) => void;

function bound(call: Callback, given: unknown[]): () => void {
  if (given.length === 0) return call;
  return () => {
    call(...given);
  };
}

function fillRandom<Bytes extends ArrayBufferView>(bytes: Bytes): Bytes {
  const { buffer, byteOffset, byteLength } = bytes;
  random.fill(new Uint8Array(buffer, byteOffset, byteLength));
  return bytes;
}

function randomUUID(): string {
  const bytes = Buffer.from(fillRandom(new Uint8Array(16)));
  bytes[6] = 0x40 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString("hex");
  return [8, 12, 16, 20, 32]
    .map((end, index) => hex.slice([0, 8, 12, 16, 20][index], end))
    .join("-");
}

function cancel(due: Due | undefined): void {
  time.cancel(due);
}

const machine = {
  Date: VirtualDate,
  setTimeout: (call: Callback, ms = 0, ...given: unknown[]): Due =>
    time.after(ms, bound(call, given)),
  setInterval: (call: Callback, ms = 0, ...given: unknown[]): Due =>
    time.every(ms, bound(call, given)),
  setImmediate: (call: Callback, ...given: unknown[]): Due =>
    time.after(0, bound(call, given)),
  clearTimeout: cancel,
  clearInterval: cancel,
  clearImmediate: cancel,
};

Object.assign(globalThis, machine);
Math.random = () => random.share();
performance.now = () => time.now;
Object.assign(crypto, { getRandomValues: fillRandom, randomUUID });
