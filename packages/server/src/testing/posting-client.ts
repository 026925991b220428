import { readFrame, type FrameObject } from "@parley/protocol";
import { newCid } from "../identifiers.ts";
import type { TestServer } from "./start-test-server.ts";
import { roomsOf, type TestGuest } from "./test-guest.ts";

/** Bun's WebSocket takes headers, which a browser's does not know. */
const SocketWithHeaders = WebSocket as unknown as new (
  url: string,
  options: { protocols: string[]; headers: Record<string, string> },
) => WebSocket;

/** What all clients of a run know together; one process, so one clock. */
export interface SharedRun {
  /** The highest seq that anybody has been acknowledged. */
  acknowledgedMax: number;
  /** What was seen that must never be. */
  violations: string[];
}

interface Attempt {
  cid: string;
  text: string;
  /** The highest seq acknowledged to anybody before the first sending (O-4). */
  floor: number;
}

/** Posts that one client has on their way at a time, unless told otherwise. */
const inFlightUsually = 3;

/**
 * Somebody who posts in the lobby without pause, over as many connections as
 * it takes: resumes by cursor, sends again by the same cid, and writes down
 * what was acknowledged and what came, in the order in which it came.
 */
export class PostingClient {
  /** Everything ever tried, by cid. */
  readonly attempts = new Map<string, Attempt>();
  /** The seq that each acknowledged cid was given. */
  readonly acknowledged = new Map<string, number>();
  /** The cids of the messages that came, in order; other events are empty. */
  readonly seen: [seq: number, cid: string][] = [];
  #newlyAcknowledged: [cid: string, seq: number][] = [];
  readonly #guest: TestGuest;
  readonly #run: SharedRun;
  readonly #name: string;
  readonly #inFlightMax: number;
  readonly #waiting = new Map<number, Attempt>();
  #unanswered: Attempt[] = [];
  #cursor = 0;
  #lastId = 0;
  #isPosting = false;
  #ws: WebSocket | undefined;

  constructor(
    name: string,
    guest: TestGuest,
    run: SharedRun,
    { inFlightMax = inFlightUsually }: { inFlightMax?: number } = {},
  ) {
    this.#name = name;
    this.#inFlightMax = inFlightMax;
    this.#guest = guest;
    this.#run = run;
  }

  /** How many posts were on their way when the line was last cut. */
  get unansweredCount(): number {
    return this.#unanswered.length;
  }

  /** Which ones. */
  get unanswered(): string[] {
    return this.#unanswered.map(({ cid }) => cid);
  }

  /** What was acknowledged since the last asking, for runs that compare it piece by piece. */
  takeAcknowledged(): [cid: string, seq: number][] {
    const taken = this.#newlyAcknowledged;
    this.#newlyAcknowledged = [];
    return taken;
  }

  /** What came since the last asking; it is not in `seen` any more. */
  takeSeen(): [seq: number, cid: string][] {
    return this.seen.splice(0);
  }

  /** Connects, resumes, and resolves when everything missed has come. */
  async connect(server: Pick<TestServer, "url">): Promise<void> {
    const { cookie } = this.#guest;
    const { epoch, rooms } = await roomsOf(server, { cookie });
    const [lobby] = rooms;
    if (lobby === undefined) throw new Error("there is no lobby");
    if (this.#cursor === 0) this.#cursor = lobby.head;
    const ready = Promise.withResolvers<undefined>();
    const ws = new SocketWithHeaders(`${server.url.replace("http", "ws")}/ws`, {
      headers: { cookie, origin: server.url },
      protocols: ["parley.v1"],
    });
    this.#ws = ws;
    ws.addEventListener("open", () => {
      const cursors = { [lobby.stream]: this.#cursor };
      this.#send({ type: "hello", id: 1, epoch, cursors });
    });
    ws.addEventListener("message", ({ data }) => {
      for (const object of readFrame(String(data))) {
        if (object["type"] === "ready") ready.resolve(undefined);
        this.#receive(object, lobby.stream);
      }
    });
    ws.addEventListener("close", ({ code }) => {
      this.#isPosting = false;
      this.#unanswered.unshift(...this.#waiting.values());
      this.#waiting.clear();
      ready.reject(new Error(`closed with ${code} before ready`));
    });
    this.#lastId = 1;
    await ready.promise;
  }

  /** Posts without pause from here on, first what has no answer yet. */
  start(stream: string): void {
    this.#isPosting = true;
    for (let count = 0; count < this.#inFlightMax; count += 1)
      this.#post(stream);
  }

  /** Sends what has no answer once more, and resolves when all have one. */
  async settle(stream: string): Promise<void> {
    this.#isPosting = false;
    while (this.#unanswered.length > 0 || this.#waiting.size > 0) {
      if (
        this.#unanswered.length > 0 &&
        this.#waiting.size < this.#inFlightMax
      ) {
        this.#post(stream);
      } else {
        await Bun.sleep(1);
      }
    }
  }

  /** Resolves when everything up to this seq has come. */
  async reach(seq: number): Promise<void> {
    while (this.#cursor < seq) await Bun.sleep(1);
  }

  async close(): Promise<void> {
    const ws = this.#ws;
    if (ws === undefined || ws.readyState === WebSocket.CLOSED) return;
    await new Promise((resolve) => {
      ws.addEventListener("close", resolve);
      ws.close();
    });
  }

  #post(stream: string): void {
    const attempt = this.#unanswered.shift() ?? this.#newAttempt();
    const { cid, text } = attempt;
    this.#lastId += 1;
    this.#waiting.set(this.#lastId, attempt);
    this.#send({ type: "message.post", id: this.#lastId, stream, cid, text });
  }

  #newAttempt(): Attempt {
    const cid = newCid(Date.now());
    const text = `${this.#name} ${this.attempts.size} 你好 ${cid}`;
    const attempt = { cid, text, floor: this.#run.acknowledgedMax };
    this.attempts.set(cid, attempt);
    return attempt;
  }

  #send(object: object): void {
    this.#ws?.send(JSON.stringify(object));
  }

  #receive(object: FrameObject, stream: string): void {
    const { type, id } = object;
    if (type === "ok" || type === "error") {
      this.#settle(Number(id), object);
      if (this.#isPosting) this.#post(stream);
    } else if (type === "reset" || type === "gone") {
      this.#object(`${type} instead of a resume`);
    } else if ("seq" in object && object["stream"] === stream) {
      this.#see(object);
    }
  }

  #settle(id: number, answer: FrameObject): void {
    const attempt = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (attempt === undefined) return;
    const { cid, floor } = attempt;
    const seq = Number(answer["seq"]);
    if (answer["type"] !== "ok" || answer["cid"] !== cid) {
      this.#object(`refused: ${JSON.stringify(answer)}`);
      return;
    }
    if (seq <= floor) this.#object(`[O-4] ${seq} was sent after ${floor}`);
    this.acknowledged.set(cid, seq);
    this.#newlyAcknowledged.push([cid, seq]);
    this.#run.acknowledgedMax = Math.max(this.#run.acknowledgedMax, seq);
  }

  #see(event: FrameObject): void {
    const seq = Number(event["seq"]);
    if (seq !== this.#cursor + 1) {
      this.#object(`[S-1] ${seq} came after ${this.#cursor}`);
    }
    this.#cursor = seq;
    if (event["type"] === "message.posted") {
      this.seen.push([seq, String(event["cid"])]);
    }
  }

  #object(violation: string): void {
    this.#run.violations.push(`${this.#name}: ${violation}`);
  }
}
