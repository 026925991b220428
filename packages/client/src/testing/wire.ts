import type { Env, HttpAnswer, HttpRequest, SocketListener } from "../env.ts";

export { createModelServer, type ModelServer } from "./model-server.ts";

// A network that a test can stop: two queues per socket and a clock that moves
// only when told. The same seed gives the same run.

/** What stands at the other end of the wire. */
export interface WireServer {
  /** A socket of this person's device; returns what takes its frames. */
  accept: (end: ServerEnd, person: string) => ServerEars;
  answer: (request: HttpRequest, person: string) => HttpAnswer;
}

export interface ServerEnd {
  send(text: string): void;
  close(code: number): void;
}

export interface ServerEars {
  received(text: string): void;
  closed(): void;
}

export interface Wire {
  now(): number;
  /** Delivers everything, and what that causes, until nothing moves. */
  flush(): void;
  /** Lets time pass: timers ring in order, each followed by a flush. */
  advance(ms: number): void;
  device(person: string): Device;
}

/** A machine on the wire. */
export interface Device {
  env: Env;
  /** False: nothing connects, nothing is delivered, HTTP fails. */
  isOnline: boolean;
  /** False: frames to this device stay queued until it is true again. */
  isReading: boolean;
  /** Ends the connection; what is still queued is lost, both ways. */
  cut(code?: number): void;
  /** `online`, or the tab is shown again. */
  wake(): void;
  /** `offline`, as a browser says it. */
  unplug(): void;
  /** Every frame written so far, oldest first. */
  written: string[];
  /** Paths asked for over HTTP. */
  asked: string[];
}

interface Line {
  listener: SocketListener;
  ears: ServerEars | null;
  up: string[];
  down: ({ text: string } | { close: number })[];
  isOver: boolean;
}

/** Where virtual time begins; any moment will do. */
const epochMs = 1_800_000_000_000;

export function createWire(server: WireServer, seed = 1): Wire {
  let now = epochMs;
  let timers: { at: number; order: number; call: () => void }[] = [];
  let order = 0;
  const random = seededRandom(seed);
  const devices: (() => boolean)[] = [];
  const soon: (() => void)[] = [];

  function flush() {
    for (;;) {
      const calls = soon.splice(0);
      for (const call of calls) call();
      // A plain loop: every device gets its turn, also when one has moved.
      let hasMoved = calls.length > 0;
      for (const deliver of devices) if (deliver()) hasMoved = true;
      if (!hasMoved) return;
    }
  }

  function advance(ms: number) {
    flush();
    const end = now + ms;
    for (;;) {
      timers.sort((one, other) => one.at - other.at || one.order - other.order);
      const next = timers[0];
      if (next === undefined || next.at > end) break;
      timers = timers.slice(1);
      now = Math.max(now, next.at);
      next.call();
      flush();
    }
    now = end;
  }

  function device(person: string): Device {
    let line: Line | null = null;
    const answers: (() => void)[] = [];
    const wakers = new Set<() => void>();
    const unpluggers = new Set<() => void>();

    function end(gone: Line, code: number) {
      if (gone.isOver) return;
      gone.isOver = true;
      if (line === gone) line = null;
      gone.ears?.closed();
      soon.push(() => gone.listener.closed(code));
    }

    function deliver(): boolean {
      const due = answers.splice(0);
      for (const answer of due) answer();
      return (line !== null && deliverOne(line)) || due.length > 0;
    }

    function deliverOne(open: Line): boolean {
      if (!machine.isOnline) return false;
      if (open.ears === null) {
        connect(open);
        return true;
      }
      const text = open.up.shift();
      if (text !== undefined) open.ears.received(text);
      const frame = machine.isReading ? open.down.shift() : undefined;
      if (frame && "text" in frame) open.listener.received(frame.text);
      else if (frame) end(open, frame.close);
      return text !== undefined || frame !== undefined;
    }

    function connect(open: Line) {
      const serverEnd: ServerEnd = {
        send: (text) => void open.down.push({ text }),
        close: (code) => void open.down.push({ close: code }),
      };
      open.ears = server.accept(serverEnd, person);
      open.listener.opened("parley.v1");
    }

    const env: Env = {
      now: () => now,
      monotonicMs: () => now - epochMs,
      random,
      randomBytes: (count) =>
        Uint8Array.from({ length: count }, () => Math.floor(random() * 256)),
      setTimer(ms, call) {
        order += 1;
        const timer = { at: now + ms, order, call };
        timers.push(timer);
        return timer;
      },
      clearTimer(timer) {
        timers = timers.filter((other) => other !== timer);
      },
      soon: (call) => void soon.push(call),
      openSocket(_url, _protocol, listener) {
        const opened: Line = {
          listener,
          ears: null,
          up: [],
          down: [],
          isOver: false,
        };
        line = opened;
        if (!machine.isOnline) end(opened, 1006);
        return {
          send(text) {
            machine.written.push(text);
            if (!opened.isOver) opened.up.push(text);
          },
          close: (code) => end(opened, code),
        };
      },
      fetch(request, done) {
        machine.asked.push(new URL(request.url).pathname);
        answers.push(() => {
          const isReached = machine.isOnline;
          done(
            isReached
              ? server.answer(request, person)
              : { status: 0, text: "" },
          );
        });
        return () => undefined;
      },
      onWake(listener) {
        wakers.add(listener);
        return () => wakers.delete(listener);
      },
      onUnplugged(listener) {
        unpluggers.add(listener);
        return () => unpluggers.delete(listener);
      },
    };

    const machine: Device = {
      env,
      isOnline: true,
      isReading: true,
      written: [],
      asked: [],
      cut(code = 1006) {
        if (line !== null) end(line, code);
      },
      wake() {
        for (const waker of wakers) waker();
      },
      unplug() {
        for (const unplugger of unpluggers) unplugger();
      },
    };
    devices.push(deliver);
    return machine;
  }

  return { now: () => now, flush, advance, device };
}

/** Mulberry32: small, fast, and the same everywhere. Not for secrets. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
