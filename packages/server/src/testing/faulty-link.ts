import type { Socket } from "bun";
import type { Cut, Direction, ProxyState } from "./fault-proxy.ts";

/** Anything that bytes come from and go to. */
export type End = Pick<
  Socket<unknown>,
  "write" | "pause" | "resume" | "shutdown" | "end" | "terminate" | "setNoDelay"
>;

/** One connection through a fault proxy. */
export class FaultyLink {
  readonly near: End;
  far: End | undefined;
  readonly toServer: Way;
  readonly toClient: Way;
  isOver = false;
  readonly #state: ProxyState;
  readonly #ended: () => void;

  constructor(near: End, state: ProxyState, ended: () => void) {
    this.near = near;
    near.setNoDelay(true);
    this.#state = state;
    this.#ended = ended;
    this.toServer = new Way(this, "toServer", state);
    this.toClient = new Way(this, "toClient", state);
  }

  connected(far: End): void {
    if (this.isOver) {
      far.terminate();
      return;
    }
    this.far = far;
    far.setNoDelay(true);
    this.toServer.weatherChanged();
    this.toClient.weatherChanged();
  }

  // A socket to which FIN was passed on closes when it has answered it; Bun
  // tells no FIN of its own then. Any other close is a reset.

  nearClosed(): void {
    this.toServer.sourceEnded(this.toClient.isDone ? "fin" : "rst");
  }

  farClosed(): void {
    this.toClient.sourceEnded(this.toServer.isDone ? "fin" : "rst");
  }

  /** From now on the client hears nothing more on this connection. */
  muffle(): void {
    this.toClient.isMuffled = true;
  }

  /** Ends both sides; this was our doing. */
  cut(how: Cut): void {
    if (this.isOver) return;
    this.#state.cuts += 1;
    this.finish(how);
  }

  finish(how: Cut): void {
    if (this.isOver) return;
    this.isOver = true;
    for (const end of [this.near, this.far]) {
      if (how === "rst") end?.terminate();
      else end?.end();
    }
    this.#ended();
  }

  /** When both sides have said all they had to say, it is over. */
  finishIfDone(): void {
    if (this.toServer.isDone && this.toClient.isDone) this.finish("fin");
  }
}

/** What is held back, in order: bytes, or the end of what there is to say. */
type Held = { data: Uint8Array } | { ending: Cut };

/** More than this is not held for a receiver that does not take it. */
const heldBytesMax = 1_048_576;

/** Slices of a turn; then others have theirs. */
const slicesPerTurn = 16;

/** One way of one connection. */
class Way {
  isDone = false;
  isMuffled = false;
  readonly #link: FaultyLink;
  readonly #direction: Direction;
  readonly #state: ProxyState;
  /** Not due yet, or not to be passed on yet. */
  readonly #held: { item: Held; dueAt: number }[] = [];
  /** Due, but the receiver's buffer was full. */
  #unwritten: Uint8Array | undefined;
  #lastDue = 0;
  #isPaused = false;
  #isWaiting = false;
  #hasLost = false;
  #ending: Cut | undefined;

  constructor(link: FaultyLink, direction: Direction, state: ProxyState) {
    this.#link = link;
    this.#direction = direction;
    this.#state = state;
  }

  take(data: Uint8Array): void {
    const { isSwallowed } = this.#state.weather[this.#direction];
    if (isSwallowed || this.isMuffled) {
      this.#hasLost = true;
      return;
    }
    this.#add({ data });
  }

  /** Its sender will say nothing more. */
  sourceEnded(how: Cut): void {
    // A reset after FIN says that the socket is gone for the other way, too.
    if (this.#ending === how || this.#ending === "rst") return;
    this.#ending = how;
    if (this.#state.weather[this.#direction].isSwallowed || this.isMuffled) {
      this.#hasLost = true;
      return;
    }
    this.#add({ ending: how });
  }

  weatherChanged(): void {
    if (this.#link.isOver) return;
    const { isSwallowed } = this.#state.weather[this.#direction];
    // What is lost never comes again, and TCP has no holes.
    if (this.#hasLost && !isSwallowed && !this.isMuffled) {
      this.#link.cut("rst");
      return;
    }
    this.#pump();
  }

  /** The receiver takes more. */
  flush(): void {
    const rest = this.#unwritten;
    this.#unwritten = undefined;
    if (rest !== undefined) this.#write(rest);
    this.#pump();
  }

  #add(item: Held): void {
    const { delayMs, jitterMs } = this.#state.weather[this.#direction];
    const now = performance.now();
    const wait = delayMs + (jitterMs && this.#state.random() * jitterMs);
    this.#lastDue = Math.max(this.#lastDue, now + wait);
    this.#held.push({ item, dueAt: this.#lastDue });
    this.#pump();
    // Bun's buffer is used again; what stays here has to be our own.
    if (this.#held.at(-1)?.item === item && "data" in item) {
      item.data = item.data.slice();
    }
  }

  #pump(): void {
    const { isStalled, sliceBytes } = this.#state.weather[this.#direction];
    this.#pauseOrResume(isStalled);
    if (isStalled || this.#target() === undefined) return;
    let slices = 0;
    while (!this.#link.isOver && this.#unwritten === undefined) {
      const [next] = this.#held;
      if (next === undefined) return;
      const waitMs = next.dueAt - performance.now();
      if (waitMs > 0 || slices === slicesPerTurn) {
        this.#pumpLater(Math.max(0, waitMs));
        return;
      }
      const { item } = next;
      if ("data" in item && sliceBytes > 0 && item.data.length > sliceBytes) {
        this.#write(item.data.subarray(0, sliceBytes));
        item.data = item.data.subarray(sliceBytes);
        slices += 1;
        continue;
      }
      this.#held.shift();
      if ("data" in item) this.#write(item.data);
      else this.#end(item.ending);
    }
  }

  #pumpLater(ms: number): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    setTimeout(() => {
      this.#isWaiting = false;
      this.#pump();
    }, ms);
  }

  #write(data: Uint8Array): void {
    const target = this.#target();
    if (target === undefined || this.#link.isOver) return;
    const { cutting } = this.#state;
    const isCut =
      cutting?.direction === this.#direction && cutting.left <= data.length;
    const whole = isCut ? data.subarray(0, cutting.left) : data;
    // Bun says -1 when the socket is gone; its close will tell.
    const written = Math.max(0, target.write(whole));
    this.#state.passed[this.#direction] += written;
    if (isCut) {
      this.#state.cutting = undefined;
      this.#link.cut(cutting.how);
      return;
    }
    if (cutting?.direction === this.#direction) cutting.left -= written;
    if (written < whole.length) this.#unwritten = whole.slice(written);
    if (this.#direction === "toServer" && this.#state.isLosing) {
      this.#state.loses(this.#link);
    }
  }

  #end(how: Cut): void {
    if (how === "rst") {
      this.#link.finish("rst");
      return;
    }
    this.isDone = true;
    this.#target()?.shutdown();
    this.#link.finishIfDone();
  }

  #target(): End | undefined {
    return this.#direction === "toServer" ? this.#link.far : this.#link.near;
  }

  #pauseOrResume(isStalled: boolean): void {
    const heldBytes = this.#held.reduce(
      (sum, { item }) => sum + ("data" in item ? item.data.length : 0),
      this.#unwritten?.length ?? 0,
    );
    const isToPause = isStalled || heldBytes > heldBytesMax;
    if (isToPause === this.#isPaused) return;
    const source =
      this.#direction === "toServer" ? this.#link.near : this.#link.far;
    if (source === undefined) return;
    this.#isPaused = isToPause;
    if (isToPause) source.pause();
    else source.resume();
  }
}
