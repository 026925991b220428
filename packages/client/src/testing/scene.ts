import type { Chat } from "../chat.ts";
import { connectChat } from "../connect.ts";
import type { RoomState } from "../state.ts";
import { createModelServer, type ModelServer } from "./model-server.ts";
import { createWire, type Browser, type Device, type Wire } from "./wire.ts";

/** A place with a lobby and three people in it, of whom nobody is there yet. */
export interface Scene {
  server: ModelServer;
  wire: Wire;
  /**
   * Somebody opens the page. In a `browser` it keeps what it knows there, and
   * shares it with the other tabs.
   */
  enter: (person: string, options?: VisitOptions) => Visit;
  /** The same on a machine that was made before. */
  visit: (person: string, device: Device, keeps: boolean) => Visit;
}

export interface VisitOptions {
  browser?: Browser;
  isOnline?: boolean;
}

export interface Visit {
  chat: Chat;
  device: Device;
  room: (stream?: string) => RoomState;
  texts: (stream?: string) => string[];
  pending: (stream?: string) => string[];
  /** The commands of this type that the device has written. */
  written: (type: string) => Record<string, unknown>[];
}

export const lobby = "r_Lobby00000";
export const design = "r_Design0000";
export const ann = "u_Ann0000000";
export const bob = "u_Bob0000000";
export const eve = "u_Eve0000000";

export function createScene(seed?: number): Scene {
  const server = createModelServer();
  const wire = createWire(server, seed);
  for (const [id, name] of [
    [ann, "Ann"],
    [bob, "Bob"],
    [eve, "Eve"],
  ] as const) {
    server.addPerson(id, name);
  }
  server.addRoom(lobby, "Lobby", [ann, bob, eve]);
  return { server, wire, enter, visit };

  function enter(
    person: string,
    { browser, isOnline = true }: VisitOptions = {},
  ): Visit {
    const device = wire.device(person, browser);
    device.isOnline = isOnline;
    return visit(person, device, browser !== undefined);
  }

  function visit(person: string, device: Device, keeps: boolean): Visit {
    const chat = connectChat({
      url: "https://chat.example",
      me: { id: person, name: person, kind: "guest", email: "a@b.example" },
      server: "Parley",
      env: device.env,
      keeps,
    });
    wire.flush();
    function room(stream = lobby): RoomState {
      const found = chat.state.rooms.find((one) => one.stream === stream);
      if (!found) throw new Error(`There is no room ${stream} here.`);
      return found;
    }
    return {
      chat,
      device,
      room,
      texts: (stream) => room(stream).timeline.messages.map(textOf),
      pending: (stream) => room(stream).timeline.pending.map(textOf),
      written: (type) =>
        device.written
          .map((text) => JSON.parse(text) as Record<string, unknown>)
          .filter((frame) => frame["type"] === type),
    };
  }
}

function textOf({ text }: { text: string }): string {
  return text;
}
