import { createBrowser, type Browser } from "./browser.ts";
import type { Env, HttpAnswer, HttpRequest, SocketListener } from "../env.ts";

export type { Browser } from "./browser.ts";
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
  /** A tab of this browser, or of one of its own. */
  device(person: string, browser?: Browser): Device;
  browser(): Browser;
}

/** A machine on the wire. */
export interface Device {
  env: Env;
  /** False: nothing connects, nothing is delivered, HTTP fails. */
  isOnline: boolean;
  /** False: frames to this device stay queued until it is true again. */
  isReading: boolean;
  /** True: its page does not run; everything waits until it is false again. */
  isFrozen: boolean;
  /** How often something may still happen in the page before it crashes. */
  stepsLeft: number;
  /** The page is gone, with all that it had not written. */
  crash(): void;
  /** Nobody sees the page any more. */
  hide(): void;
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

  function browser(): Browser {
    return createBrowser((call) => void soon.push(call));
  }

  function device(person: string, home: Browser = browser()): Device {
    let line: Line | null = null;
    const answers: (() => void)[] = [];
    /** What came while the page was frozen. */
    const late: (() => void)[] = [];
    let isFrozen = false;
    let isGone = false;
    const tab = home.tab((call) => soon.push(() => run(call)));
    const hiders = new Set<() => void>();

    /** One step of the page, if it can run. */
    function run(call: () => void) {
      if (isGone) return;
      if (isFrozen) {
        late.push(call);
        return;
      }
      machine.stepsLeft -= 1;
      if (machine.stepsLeft < 0) machine.crash();
      else call();
    }

    const wakers = new Set<() => void>();
    const unpluggers = new Set<() => void>();

    function end(gone: Line, code: number) {
      if (gone.isOver) return;
      gone.isOver = true;
      if (line === gone) line = null;
      gone.ears?.closed();
      soon.push(() => run(() => gone.listener.closed(code)));
    }

    function deliver(): boolean {
      const due = answers.splice(0);
      for (const answer of due) run(answer);
      return (line !== null && deliverOne(line)) || due.length > 0;
    }

    function deliverOne(open: Line): boolean {
      if (!machine.isOnline || isFrozen) return false;
      if (open.ears === null) {
        connect(open);
        return true;
      }
      const text = open.up.shift();
      if (text !== undefined) open.ears.received(text);
      const frame = machine.isReading ? open.down.shift() : undefined;
      if (frame && "text" in frame) {
        const { text: received } = frame;
        run(() => open.listener.received(received));
      } else if (frame) end(open, frame.close);
      return text !== undefined || frame !== undefined;
    }

    function connect(open: Line) {
      const serverEnd: ServerEnd = {
        send: (text) => void open.down.push({ text }),
        close: (code) => void open.down.push({ close: code }),
      };
      open.ears = server.accept(serverEnd, person);
      run(() => open.listener.opened("parley.v1"));
    }

    const env: Env = {
      now: () => now,
      monotonicMs: () => now - epochMs,
      random,
      randomBytes: (count) =>
        Uint8Array.from({ length: count }, () => Math.floor(random() * 256)),
      setTimer(ms, call) {
        order += 1;
        const timer = { at: now + ms, order, call: () => run(call) };
        timers.push(timer);
        return timer;
      },
      clearTimer(timer) {
        timers = timers.filter((other) => other !== timer);
      },
      soon: (call) => void soon.push(() => run(call)),
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
            if (isGone) return;
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
      onHidden(listener) {
        hiders.add(listener);
        return () => hiders.delete(listener);
      },
      storage: tab.storage,
      hold: tab.hold,
      channel: tab.channel,
    };

    const machine: Device = {
      env,
      isOnline: true,
      isReading: true,
      stepsLeft: Infinity,
      get isFrozen() {
        return isFrozen;
      },
      set isFrozen(isNow) {
        isFrozen = isNow;
        if (!isNow) for (const call of late.splice(0)) run(call);
      },
      crash() {
        isGone = true;
        tab.close();
        if (line !== null) end(line, 1006);
      },
      hide() {
        for (const hider of hiders) hider();
      },
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

  return { now: () => now, flush, advance, device, browser };
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
