import type { RoomSummary } from "@parley/protocol";
import { applyRooms } from "./apply-rooms.ts";
import { delayMs, retryBackoff } from "./backoff.ts";
import type { Timer } from "./env.ts";
import { isSignedOut, type Place } from "./http.ts";
import type { LiveModel } from "./live-model.ts";
import { fetchRooms } from "./rooms-api.ts";

export type LoadAnswer = "loaded" | "signed-out" | "unreachable";

export interface RoomList {
  /** Makes sure that there is a cursor for every stream. */
  load(done: (answer: LoadAnswer) => void): void;
  /** The inbox could not be continued: which rooms are ours has to be asked. */
  reload(): void;
  /**
   * Something of the rooms cannot be told from events any more: asks within
   * this time, at a moment of one's own, since others doubt the same.
   */
  doubt(withinMs: number): void;
  /** The rooms and cursors of an earlier page are here: no need to ask. */
  restored(): void;
  /** Do the rooms and the inbox' cursor belong together? */
  isCurrent(): boolean;
  /** Cursors are no longer good: the log has another epoch. */
  forget(): void;
  down(): void;
}

/** One's own rooms as the server lists them, with the cursors to start from. */
export function createRoomList(parts: {
  place: Place;
  model: LiveModel;
  /** These are the rooms, and the marks in them are the server's. */
  listed: (rooms: readonly RoomSummary[]) => void;
  signedOut: () => void;
  /** These are of another log than what was known. */
  otherLog: () => void;
}): RoomList {
  const { place, model, listed } = parts;
  const { env } = place;
  let connection = 0;
  /** Stays true when a connection ends before the list has come. */
  let isDue = true;
  /** The log that was forgotten, until the list of another is here. */
  let forgotten: string | null = null;
  let doubting: Timer = null;
  /** When it will be asked because of a doubt, by the monotonic clock. */
  let dueAt = Infinity;

  function ask(done: (answer: LoadAnswer) => void) {
    env.clearTimer(doubting);
    doubting = null;
    const asOf = model.now().time.latest;
    fetchRooms(place, (fetched) => {
      if (fetched.status === "failed") {
        done(isSignedOut(fetched.error) ? "signed-out" : "unreachable");
        return;
      }
      const { epoch, inbox } = model.now();
      const answer = fetched.value;
      // A list that is older than the events applied since would undo them.
      if (answer.epoch === epoch && answer.inbox < inbox) {
        done("unreachable");
        return;
      }
      isDue = false;
      const known = epoch ?? forgotten;
      forgotten = null;
      // People may have gone on with the old rows until this list came.
      if (known !== null && answer.epoch !== known) parts.otherLog();
      model.change((now) => applyRooms(now, answer, asOf));
      listed(answer.rooms);
      done("loaded");
    });
  }

  function reload(failures: number) {
    const ours = connection;
    ask((answer) => {
      if (ours !== connection) return;
      if (answer === "signed-out") parts.signedOut();
      if (answer !== "unreachable") return;
      const ms = delayMs(retryBackoff, failures, env.random());
      env.setTimer(ms, () => {
        if (ours === connection) reload(failures + 1);
      });
    });
  }

  return {
    load(done) {
      if (isDue) ask(done);
      else done("loaded");
    },
    reload() {
      isDue = true;
      reload(0);
    },
    doubt(withinMs) {
      // Also when the connection ends before, and nothing is kept until then.
      isDue = true;
      const ms = env.random() * withinMs;
      const at = env.monotonicMs() + ms;
      // An earlier doubt may have had more time than this one has.
      if (doubting !== null && dueAt <= at) return;
      env.clearTimer(doubting);
      dueAt = at;
      doubting = env.setTimer(ms, () => {
        doubting = null;
        reload(0);
      });
    },
    restored() {
      isDue = false;
    },
    isCurrent: () => !isDue && model.now().epoch !== null,
    forget() {
      isDue = true;
      forgotten = model.now().epoch ?? forgotten;
      model.change((now) => ({ ...now, epoch: null }));
    },
    down() {
      connection += 1;
      env.clearTimer(doubting);
      doubting = null;
    },
  };
}
