import type { Cancel, Env, Timer } from "./env.ts";

/**
 * Of all tabs of one person in a browser, one leads: it sends, and it saves
 * what is known. It tells the others while it has work; from a silence they
 * learn that it stands still or has no connection, and one of them takes over.
 */
export interface Leadership {
  /**
   * May this tab do something as the leader, at this very moment? After a while
   * without a word to the others it may have stood still: then it takes the
   * lead anew first, and `began` says when it has.
   */
  leads(): boolean;
  /** Is there anything to send, and a connection to send it on? */
  needed(isNeeded: boolean): void;
  /** The leader was heard. */
  heard(): void;
  /** This tab has told the others that it is at work. */
  told(): void;
  /** Asks for the lead for the first time. */
  start(): void;
  close(): void;
}

/** A leader that is at work says so this often. */
const pulseMs = 3_000;
/**
 * So long after its last word a leader is certain that it still leads: half of
 * what the others wait, so that word may take a while to reach them.
 */
const certainMs = 5_000;
/** After so much silence another tab takes over, if it has a connection. */
const silenceMsMax = 10_000;

export function createLeadership(parts: {
  env: Env;
  name: string;
  /** `isAnew` unless this tab led before and has only made sure of it. */
  began: (isAnew: boolean) => void;
  ended: () => void;
  /** Tell the others that the leader is at work. */
  pulse: () => void;
}): Leadership {
  const { env, name } = parts;
  let isHeld = false;
  let isNeeded = false;
  let isClosed = false;
  let certainSince = 0;
  let release: Cancel = () => undefined;
  let timer: Timer = null;
  /** Which of our requests for the lock this is; older ones count no more. */
  let request = 0;

  function ask({ steal, isAnew = true }: { steal: boolean; isAnew?: boolean }) {
    release();
    request += 1;
    const ours = request;
    isHeld = false;
    const cancel = env.hold(
      name,
      {
        held() {
          if (ours !== request) return;
          isHeld = true;
          certainSince = env.monotonicMs();
          watch();
          parts.began(isAnew);
        },
        lost() {
          if (ours !== request) return;
          isHeld = false;
          parts.ended();
          // For when the one who took it goes.
          ask({ steal: false });
          watch();
        },
      },
      { steal },
    );
    if (ours === request) release = cancel;
    else cancel();
  }

  function isCertain(): boolean {
    return env.monotonicMs() - certainSince <= certainMs;
  }

  function leads(): boolean {
    if (isHeld && !isCertain()) ask({ steal: true, isAnew: false });
    return isHeld;
  }

  /** The leader's pulse, or the others' patience. */
  function watch() {
    env.clearTimer(timer);
    timer = null;
    if (!isNeeded || isClosed) return;
    timer = env.setTimer(isHeld ? pulseMs : silenceMsMax, () => {
      timer = null;
      if (!isHeld) ask({ steal: true });
      else if (leads()) parts.pulse();
      if (timer === null) watch();
    });
  }

  return {
    leads,
    start: () => ask({ steal: false }),
    needed(isNow) {
      if (isNow === isNeeded) return;
      isNeeded = isNow;
      watch();
    },
    heard() {
      if (!isHeld) watch();
    },
    told() {
      // What was said after a long silence proves nothing about the silence.
      if (isCertain()) certainSince = env.monotonicMs();
    },
    close() {
      isClosed = true;
      isHeld = false;
      request += 1;
      env.clearTimer(timer);
      release();
    },
  };
}
