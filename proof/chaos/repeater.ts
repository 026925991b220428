import type { Socket } from "../../packages/client/src/index.ts";
import { clientEnv } from "../../packages/server/src/testing/client-env.ts";
import type { Device as Recorded } from "../history/recorded-device.ts";
import { recordedEnv } from "../history/recorded-env.ts";
import type { Device } from "./device.ts";

/** Which part of the posts is sent twice. */
const share = 0.3;

/**
 * Sends some of a device's posts a second time, over a connection of its own
 * and, where there are several nodes, perhaps to another one: as a network does
 * that delivers a request twice, or a tab that was taken for dead.
 */
export class Repeater {
  #socket: Socket | undefined;
  #id = 1;

  /** `url` is the way that the repeats take. */
  constructor(
    device: Device,
    recorded: Recorded,
    { url, random }: { url: string; random: () => number },
  ) {
    const env = recordedEnv(clientEnv(device.person.cookie), recorded);
    const address = new URL("/ws", url);
    address.protocol = "ws:";
    const waiting: string[] = [];
    let isOpen = false;
    const socket = env.openSocket(address.href, "parley.v1", {
      opened: () => {
        isOpen = true;
        const hello = { type: "hello", id: 1, client: "repeat/1", cursors: {} };
        socket.send(JSON.stringify(hello));
        for (const text of waiting.splice(0)) socket.send(text);
      },
      received: () => undefined,
      closed: () => {
        isOpen = false;
        this.#socket = undefined;
      },
    });
    this.#socket = socket;
    device.onPost = (post) => {
      if (this.#socket === undefined || random() > share) return;
      this.#id += 1;
      const text = JSON.stringify({ ...post, id: this.#id });
      if (isOpen) socket.send(text);
      else waiting.push(text);
    };
    this.#end = () => {
      device.onPost = () => undefined;
    };
  }

  readonly #end: () => void;

  stop(): void {
    this.#end();
    this.#socket?.close(1000);
  }
}
