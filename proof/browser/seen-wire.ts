import type { SeenPage, SeenSocket } from "../../e2e/screens/seen.ts";
import type {
  Env,
  Socket,
  SocketListener,
} from "../../packages/client/src/index.ts";
import type { Device } from "../history/recorded-device.ts";
import { recordedEnv } from "../history/recorded-env.ts";

/**
 * Plays what went over a tab's sockets once more, through the same ears that
 * listen to every other client of a run.
 */
export class SeenWire {
  readonly #env: Env;
  readonly #lines = new Map<string, { socket: Socket; page: SocketListener }>();
  #opening: SocketListener | undefined;
  #page: SeenPage | undefined;

  /** The clock of the device's records is set by what is played. */
  constructor(device: Device, clock: { now: number }) {
    const played: Pick<Env, "openSocket" | "fetch"> = {
      openSocket: (_url, _protocol, listener) => {
        this.#opening = listener;
        return { send: () => undefined, close: () => undefined };
      },
      fetch: (_request, done) => {
        const { t = 0, text = "" } = this.#page ?? {};
        clock.now = t;
        done({ status: 200, text });
        return () => undefined;
      },
    };
    // Nothing else of it is touched by the ears.
    this.#env = recordedEnv(played as Env, device);
  }

  play(record: SeenSocket): void {
    const line = this.#lineOf(`${record.life} ${record.conn}`);
    switch (record.is) {
      case "open":
        line.page.opened("parley.v1");
        break;
      case "in":
        line.page.received(record.text ?? "");
        break;
      case "out":
        line.socket.send(record.text ?? "");
        break;
      case "closed":
        if (record.by === "client") line.socket.close(record.code ?? 1005);
        else line.page.closed(record.code ?? 1005);
        break;
    }
  }

  /** The clock has to stand where the page was asked for. */
  playPage(record: SeenPage): void {
    this.#page = record;
    this.#env.fetch({ method: "GET", url: record.url }, () => undefined);
  }

  /** The page is no more, and its sockets with it. */
  end(): void {
    for (const { socket } of this.#lines.values()) socket.close(1001);
    this.#lines.clear();
  }

  #lineOf(name: string): { socket: Socket; page: SocketListener } {
    let line = this.#lines.get(name);
    if (line === undefined) {
      const heard: SocketListener = {
        opened: () => undefined,
        received: () => undefined,
        closed: () => undefined,
      };
      const socket = this.#env.openSocket("", "parley.v1", heard);
      if (this.#opening === undefined) throw new Error("No ear is listening.");
      line = { socket, page: this.#opening };
      this.#lines.set(name, line);
    }
    return line;
  }
}
