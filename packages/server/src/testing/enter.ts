import { expect } from "bun:test";
import type { FrameObject } from "@parley/protocol";
import { newCid } from "../identifiers.ts";
import type { TestServer } from "./start-test-server.ts";
import { joinAs, roomsOf, type TestGuest } from "./test-guest.ts";
import { TestSocket } from "./test-socket.ts";

/** Cursors as hello has them. */
export type Cursors = Record<string, number | null>;

/** Somebody who has joined, is connected, and follows what they wanted to. */
export class Present {
  readonly guest: TestGuest;
  readonly socket: TestSocket;
  readonly epoch: string;
  readonly lobby: string;
  #lastId = 1;

  constructor(
    guest: TestGuest,
    socket: TestSocket,
    { epoch, lobby }: { epoch: string; lobby: string },
  ) {
    this.guest = guest;
    this.socket = socket;
    this.epoch = epoch;
    this.lobby = lobby;
  }

  get id(): string {
    return this.guest.me.id;
  }

  /** A number that this socket has not used. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /** Sends a command under a number of its own and resolves with its answer. */
  ask(command: FrameObject): Promise<FrameObject> {
    return this.socket.ask({ id: this.nextId(), ...command });
  }

  /** Posts, in the lobby if not said otherwise. */
  say(text: string, stream: string = this.lobby): Promise<FrameObject> {
    return this.ask({ type: "message.post", stream, cid: cid(), text });
  }

  /** Waits until this text has come as an event. */
  hears(text: string): Promise<FrameObject> {
    return this.socket.next(
      (object) =>
        object["type"] === "message.posted" && object["text"] === text,
    );
  }

  /** Makes a public room and answers its stream. */
  async makeRoom(name: string): Promise<string> {
    const answer = await this.ask({ type: "room.create", cid: cid(), name });
    expect(answer).toMatchObject({ type: "ok" });
    return String(answer["stream"]);
  }

  async leave(): Promise<void> {
    this.socket.close();
    await this.socket.closed;
  }
}

/** A cid that was never used. */
export function cid(): string {
  return newCid(Date.now());
}

/**
 * Lets somebody in and says hello for them, from the heads of their rooms if
 * not said otherwise. Resolves when they are ready.
 */
export async function enter(
  server: TestServer,
  name = "Ann",
  { guest, cursors }: { guest?: TestGuest; cursors?: Cursors } = {},
): Promise<Present> {
  const someone = guest ?? (await joinAs(server, name));
  const { epoch, inbox, rooms } = await roomsOf(server, someone);
  const heads = rooms.map(({ stream, head }) => [stream, head] as const);
  const socket = await TestSocket.open(server, {
    cookie: someone.cookie,
    protocols: ["parley.v1"],
  });
  socket.send({
    type: "hello",
    id: 1,
    epoch,
    cursors: cursors ?? { inbox, ...Object.fromEntries(heads) },
  });
  await socket.next(({ type }) => type === "ready");
  return new Present(someone, socket, { epoch, lobby: rooms[0]?.stream ?? "" });
}

/** Whatever happened before: somebody new still gets in, is stored and is heard. */
export async function expectServing(server: TestServer): Promise<void> {
  const someone = await enter(server, "Still here");
  const text = `still here ${cid()}`;
  const [answer] = await Promise.all([someone.say(text), someone.hears(text)]);
  expect(answer).toMatchObject({ type: "ok" });
  await someone.leave();
}
