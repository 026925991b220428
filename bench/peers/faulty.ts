/** What the faulty server does once, to its first receiver. */
export type Fault =
  | "none"
  /** A message is not delivered. */
  | "drop"
  /** From a message on, nothing is delivered: no later one shows the hole. */
  | "fall-silent"
  /** A message is delivered twice. */
  | "double"
  /** Two messages of one sender change places. */
  | "swap"
  /** Two messages of different senders change places. */
  | "swap-senders"
  /** A message arrives without its last letter. */
  | "cut"
  /** A message is given to somebody in another room as well. */
  | "stray"
  /** The connection is closed. */
  | "close"
  /** A command is done, and its sender never hears of it. */
  | "leave-unanswered"
  /** A command is refused. */
  | "refuse";

export interface FaultyServer extends AsyncDisposable {
  port: number;
  /** How many have said hello to each room. */
  greeted: Record<string, number>;
}

/** This one and none before it meets the fault. */
const faultyMessage = 50;

/** Whoever says no hello is in the room without a name. */
interface Place {
  room: string | null;
}

interface Post {
  /** 1 for the first message of the run. */
  count: number;
  sender: string;
  text: string;
}

/**
 * A broadcast server that makes one mistake at one of its receivers, to show
 * that the oracle sees it. It hands on what it gets, and answers with `ok` what
 * carries an id. `{"hello":ROOM}` moves a connection to a room, or to none; posts
 * go to the room that they name.
 */
export function startFaulty(fault: Fault): FaultyServer {
  const sockets = new Set<Bun.ServerWebSocket<Place>>();
  const greeted: Record<string, number> = {};
  const deliver = faultyDelivery(fault);
  let count = 0;
  const server = Bun.serve<Place>({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request, upgrading) {
      return upgrading.upgrade(request, { data: { room: "" } })
        ? undefined
        : new Response("Only WebSocket here.", { status: 426 });
    },
    websocket: {
      open(socket) {
        sockets.add(socket);
      },
      close(socket) {
        sockets.delete(socket);
      },
      message(from, message) {
        const text = String(message);
        const hello = /^{"hello":(?:"(.*)"|null)}$/.exec(text);
        if (hello) {
          const name = hello[1];
          from.data.room = name ?? null;
          if (name !== undefined) greeted[name] = (greeted[name] ?? 0) + 1;
          return;
        }
        count += 1;
        const isFaulty = count === faultyMessage;
        const id = /"id":(\d+)/.exec(text)?.[1];
        if (fault === "refuse" && isFaulty) {
          from.send(`{"type":"error","id":${id ?? "0"}}`);
          return;
        }
        const room = /"room":"([^"]*)"/.exec(text)?.[1] ?? "";
        const isThere = ({ data }: Bun.ServerWebSocket<Place>) =>
          data.room === room;
        const [victim, ...others] = [...sockets].filter(isThere);
        const post = { count, sender: senderOf(text), text };
        for (const said of deliver(post)) victim?.send(said);
        for (const socket of others) socket.send(text);
        if (fault === "stray" && isFaulty) {
          [...sockets].find((socket) => !isThere(socket))?.send(text);
        }
        if (fault === "close" && isFaulty) victim?.close(4108, "the fault");
        if (fault === "leave-unanswered" && isFaulty) return;
        if (id !== undefined) from.send(`{"type":"ok","id":${id}}`);
      },
    },
  });
  return {
    port: server.port ?? 0,
    greeted,
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

/** What the victim gets when everybody else gets this post. */
function faultyDelivery(fault: Fault): (post: Post) => string[] {
  let heldBack: Post | undefined;
  function swap(post: Post, isPartner: boolean): string[] {
    if (post.count === faultyMessage) {
      heldBack = post;
      return [];
    }
    if (heldBack === undefined || !isPartner) return [post.text];
    const swapped = [post.text, heldBack.text];
    heldBack = undefined;
    return swapped;
  }
  return (post) => {
    const isFaulty = post.count === faultyMessage;
    switch (fault) {
      case "drop":
        return isFaulty ? [] : [post.text];
      case "fall-silent":
        return post.count >= faultyMessage ? [] : [post.text];
      case "double":
        return isFaulty ? [post.text, post.text] : [post.text];
      case "swap":
        return swap(post, post.sender === heldBack?.sender);
      case "swap-senders":
        return swap(post, post.sender !== heldBack?.sender);
      case "cut":
        return [isFaulty ? post.text.replace('x"', '"') : post.text];
      case "none":
      case "stray":
      case "close":
      case "leave-unanswered":
      case "refuse":
        return [post.text];
      default:
        return fault satisfies never;
    }
  };
}

/** The marker's sender: ~RRRRSSSSNNNNNNNN~ (load/marker.h). */
function senderOf(text: string): string {
  const marker = text.indexOf("~");
  return text.slice(marker + 5, marker + 9);
}
