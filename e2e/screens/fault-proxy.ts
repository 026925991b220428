import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** What a line may suffer. */
export type LineFault =
  /** Both ends are told that it is over, in order. */
  | "line cut"
  /** Both ends are told that something was lost. */
  | "line reset"
  /** Nothing passes for a while; then it goes on where it was. */
  | "line stalled"
  /** Nothing passes and nobody is told; when it is over, it is reset. */
  | "line half-open"
  /** So many more bytes pass to the page, and then it is reset. */
  | "line cut after bytes"
  /** What the page sends arrives, but no answer does; then it is reset. */
  | "answers lost"
  /** Everything takes a while longer. */
  | "line slow";

interface Direction {
  /** Nothing passes; it is kept for later, or thrown away. */
  blocked: "no" | "keeps" | "drops";
  kept: Buffer[];
  delayMs: number;
  /** So many bytes may still pass. */
  left: number;
}

interface Line {
  page: Socket;
  server: Socket;
  toPage: Direction;
  toServer: Direction;
}

/** What stands between the pages of one browser and the server. */
export class FaultProxy implements AsyncDisposable {
  readonly url: string;
  readonly #listener: ReturnType<typeof createServer>;
  readonly #lines = new Set<Line>();
  #isRefusing = false;

  private constructor(
    url: string,
    listener: ReturnType<typeof createServer>,
    serverPort: number,
  ) {
    this.url = url;
    this.#listener = listener;
    listener.on("connection", (page) => {
      if (this.#isRefusing) page.resetAndDestroy();
      else this.#open(page, serverPort);
    });
  }

  static async start(serverPort: number): Promise<FaultProxy> {
    const listener = createServer();
    listener.listen(0, "127.0.0.1");
    await once(listener, "listening");
    const { port } = listener.address() as AddressInfo;
    return new FaultProxy(`http://127.0.0.1:${port}`, listener, serverPort);
  }

  /** Does it to every line that there is; what it returns ends it. */
  begin(fault: LineFault, bytes = 0): () => void {
    const lines = [...this.#lines];
    for (const line of lines) suffer(line, fault, bytes);
    return () => {
      if (fault === "line cut" || fault === "line reset") return;
      for (const line of lines) recover(line, fault);
    };
  }

  /** Whoever comes now is turned away, until it is called again. */
  setRefusing(isRefusing: boolean): void {
    this.#isRefusing = isRefusing;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    for (const line of this.#lines) reset(line);
    await once(this.#listener, "close");
  }

  #open(page: Socket, serverPort: number): void {
    const server = connect(serverPort, "127.0.0.1");
    const line = { page, server, toPage: clear(), toServer: clear() };
    this.#lines.add(line);
    forward(line, page, server, line.toServer);
    forward(line, server, page, line.toPage);
    page.once("close", () => this.#lines.delete(line));
  }
}

function clear(): Direction {
  return { blocked: "no", kept: [], delayMs: 0, left: Infinity };
}

function suffer(line: Line, fault: LineFault, bytes: number): void {
  const { toPage, toServer } = line;
  switch (fault) {
    case "line cut":
      line.page.destroy();
      line.server.destroy();
      break;
    case "line reset":
      reset(line);
      break;
    case "line stalled":
      toPage.blocked = toServer.blocked = "keeps";
      break;
    case "line half-open":
      toPage.blocked = toServer.blocked = "drops";
      break;
    case "line cut after bytes":
      toPage.left = bytes;
      break;
    case "answers lost":
      toPage.blocked = "drops";
      break;
    case "line slow":
      toPage.delayMs = toServer.delayMs = bytes;
      break;
  }
}

function recover(line: Line, fault: LineFault): void {
  const { page, server, toPage, toServer } = line;
  if (fault === "line stalled") {
    toPage.blocked = toServer.blocked = "no";
    for (const data of toServer.kept.splice(0)) pass(line, server, data);
    for (const data of toPage.kept.splice(0)) pass(line, page, data);
  } else if (fault === "line slow") {
    toPage.delayMs = toServer.delayMs = 0;
  } else reset(line);
}

function reset({ page, server }: Line): void {
  page.resetAndDestroy();
  server.resetAndDestroy();
}

function forward(
  line: Line,
  from: Socket,
  to: Socket,
  direction: Direction,
): void {
  from.setNoDelay(true);
  const late: { due: number; data: Buffer }[] = [];
  const drain = () => {
    const now = performance.now();
    for (let first = late[0]; first && first.due <= now; first = late[0]) {
      late.shift();
      arrive(line, to, direction, first.data);
    }
    if (late[0] !== undefined) setTimeout(drain, late[0].due - now);
  };
  from.on("data", (data) => {
    // What is late keeps its order: timers alone, each rounded by itself, do not.
    late.push({ due: performance.now() + direction.delayMs, data });
    if (late.length === 1) drain();
  });
  from.on("error", () => undefined);
  from.on("close", () => {
    // Who holds a half-open line is not told that the other end is gone.
    if (direction.blocked !== "drops") to.destroy();
  });
}

function arrive(
  line: Line,
  to: Socket,
  direction: Direction,
  data: Buffer,
): void {
  if (direction.blocked === "drops") return;
  if (direction.blocked === "keeps") {
    direction.kept.push(data);
    return;
  }
  const passing = data.subarray(0, direction.left);
  direction.left -= passing.length;
  pass(line, to, passing);
  if (direction.left <= 0) reset(line);
}

function pass(line: Line, to: Socket, data: Buffer): void {
  if (to.writable && !line.page.destroyed) to.write(data);
}
