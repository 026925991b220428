import type { RoomState } from "../../packages/client/src/index.ts";
import type { Device } from "./device.ts";

/** Somebody's chance, and whom they might think of. */
export interface Whim {
  random: () => number;
  /** The ids of everybody who writes down what they do. */
  everybody: readonly string[];
}

/** Of so many things that somebody does, each is this as often as its number says. */
const weights = {
  invite: 6,
  remove: 5,
  appoint: 2,
  change: 3,
  direct: 2,
  delete: 10,
  comeHome: 12,
  nothing: 60,
} as const;

type Deed = keyof typeof weights;

const deeds = Object.entries(weights) as [Deed, number][];
const all = deeds.reduce((sum, [, weight]) => sum + weight, 0);

/** People are let in, taken out and appointed, rooms change, messages are deleted. */
export function churn(device: Device, room: RoomState, whim: Whim): void {
  const asked = ask(device, room, whim);
  if (asked === undefined) return;
  // Who may not is told so, as is who has no connection.
  device.does(asked);
}

function ask(
  device: Device,
  room: RoomState,
  { random, everybody }: Whim,
): Promise<unknown> | undefined {
  const { chat, person } = device;
  const { stream } = room;
  const oneOf = <One>(list: readonly One[]): One | undefined =>
    list[Math.floor(random() * list.length)];
  const somebody = oneOf(everybody) ?? person.me.id;
  switch (chosen(random)) {
    case "invite":
      return chat.inviteToRoom(stream, [somebody]);
    case "remove": {
      const other = oneOf(speakersOf(device, room, everybody));
      return other === undefined
        ? undefined
        : chat.removeFromRoom(stream, other);
    }
    case "appoint": {
      const other = oneOf(speakersOf(device, room, everybody));
      return other === undefined
        ? undefined
        : chat.changeMember(stream, other, random() < 0.7);
    }
    case "change":
      return chat.changeRoom(stream, changeOf(room, random));
    case "direct":
      return somebody === person.me.id
        ? undefined
        : chat.openDirect([somebody]);
    case "delete": {
      const seq = oneOf(deletable(device, room, { random, everybody }));
      return seq === undefined ? undefined : chat.deleteMessage(stream, seq);
    }
    case "comeHome": {
      const home = oneOf(person.rooms.filter((one) => !device.isIn(one)));
      return home === undefined ? undefined : chat.joinRoom(home);
    }
    case "nothing":
      return undefined;
  }
}

function chosen(random: () => number): Deed {
  let at = random() * all;
  for (const [deed, weight] of deeds) {
    at -= weight;
    if (at < 0) return deed;
  }
  return "nothing";
}

/** Others who have said something lately: most of them are still there. */
function speakersOf(
  { person }: Device,
  { timeline }: RoomState,
  everybody: readonly string[],
): string[] {
  const speakers = new Set(timeline.messages.slice(-50).map(({ by }) => by));
  speakers.delete(person.me.id);
  return [...speakers].filter((by) => everybody.includes(by));
}

/** What is closed is opened again sooner than anything is closed. */
function changeOf(
  { kind, archived, readOnly }: RoomState,
  random: () => number,
) {
  if (archived) return { archived: false };
  if (readOnly) return { readOnly: false };
  if (kind === "private") return { kind: "public" } as const;
  const what = random();
  if (what < 0.3) return { kind: "private" } as const;
  if (what < 0.6) return { topic: `about ${random()}` };
  return what < 0.8 ? { readOnly: true } : { archived: true };
}

/** Mostly one's own, and mostly what was said last. */
function deletable(
  { person }: Device,
  { timeline }: RoomState,
  { random, everybody }: Whim,
): number[] {
  const isOwnOnly = random() < 0.6;
  const found = timeline.messages.filter(
    ({ by, deleted }) =>
      !deleted && (isOwnOnly ? by === person.me.id : everybody.includes(by)),
  );
  const newest = random() < 0.7 ? found.slice(-8) : found;
  return newest.map(({ seq }) => seq);
}
