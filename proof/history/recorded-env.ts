import type { Env, Socket } from "../../packages/client/src/index.ts";
import { deletedAmong } from "./deleted-among.ts";
import { addDigest, messageDigest } from "./digest.ts";
import { tellerOf, type Device } from "./recorded-device.ts";
import { RecordedWire } from "./recorded-wire.ts";

interface ReceivedMessage {
  seq: number;
  by: string;
  cid: string;
  text: string;
  deleted?: true;
}

/**
 * Listens to the wire of a client that knows nothing of it: what goes out and
 * what comes in is written down before the client acts on it.
 */
export function recordedEnv(env: Env, device: Device): Env {
  const tell = tellerOf(device);
  return {
    ...env,
    openSocket: (url, protocol, listener) => {
      const wire = new RecordedWire(device, tell);
      let isClosed = false;
      const closed = (code: number, by: "client" | "server"): void => {
        if (isClosed) return;
        isClosed = true;
        wire.ended(code, by);
      };
      const socket: Socket = env.openSocket(url, protocol, {
        opened: (subprotocol) => {
          wire.opened();
          listener.opened(subprotocol);
        },
        received: (text) => {
          // What comes after the client has hung up, it does not hear.
          if (!isClosed) wire.received(text);
          listener.received(text);
        },
        closed: (code) => {
          closed(code, "server");
          listener.closed(code);
        },
      });
      return {
        send: (text) => {
          wire.sent(text);
          socket.send(text);
        },
        close: (code) => {
          closed(code, "client");
          socket.close(code);
        },
      };
    },
    fetch: (request, done) => {
      const asked = device.now();
      return env.fetch(request, (answer) => {
        if (answer.status === 200) tellOfPage(request.url, answer.text, asked);
        done(answer);
      });
    },
  };

  function tellOfPage(address: string, text: string, asked: number): void {
    const { pathname, searchParams } = new URL(address);
    const found = /^\/api\/streams\/([^/]+)\/messages$/.exec(pathname);
    if (found === null) return;
    const stream = decodeURIComponent(found[1] ?? "");
    const page = JSON.parse(text) as {
      from: number;
      to: number;
      head: number;
      messages: ReceivedMessage[];
    };
    const { from, to, head, messages } = page;
    const newest = !searchParams.has("before") && !searchParams.has("after");
    tell({
      ...{ k: "page", stream, asked, from, to, head, newest },
      rows: messages.length,
      d: messages.map(messageDigest).reduce(addDigest, 0),
      ...deletedAmong(messages),
    });
  }
}
