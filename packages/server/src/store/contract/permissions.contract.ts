import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  mayInPlace,
  mayInRoom,
  roles,
  type Me,
  type Role,
  type RoomKind,
  type RoomRight,
} from "@parley/protocol";
import { newRoomId } from "../../identifiers.ts";
import type { WriteInput, WriteName } from "../writes/writes.ts";
import type { StoreUnderTest } from "./store-under-test.ts";

/** Everybody who may ask: each role, and a guest who is bound to rooms. */
const actors: readonly { role: Role; bound: boolean }[] = [
  ...roles.map((role) => ({ role, bound: false })),
  { role: "guest", bound: true },
];

const kinds: readonly RoomKind[] = ["lobby", "public", "private", "direct"];

const standings = ["outsider", "member", "moderator"] as const;

/** One square: who asks, where, and whom and what it is about. */
interface Cell {
  who: Me;
  role: Role;
  bound: boolean;
  kind: RoomKind;
  isMember: boolean;
  isModerator: boolean;
  stream: string;
  /** In the room, a guest. */
  other: Me;
  /** In no room of this kind yet. */
  newcomer: Me;
  /** What the other said. */
  message: number;
}

type Asked = {
  [Name in WriteName]: readonly [Name, WriteInput<Name>];
}[WriteName];

/** A thing that is asked for, and what the answer has to be. */
interface Deed {
  name: string;
  ask: (
    cell: Cell,
    asked: { by: string; cid: string; stream: string },
  ) => Asked;
  answer: (cell: Cell) => string;
  /** It leaves another room behind when it is done. */
  spoils?: true;
}

/** Who sees the room: who is in it, and, of open ones, who is not bound elsewhere. */
function sees({ isMember, kind, role, bound }: Cell): boolean {
  const isOpen = kind === "lobby" || kind === "public";
  return isMember || (isOpen && mayInPlace({ role, bound }, "directory.read"));
}

/** By the table: stored, or forbidden; what one does not see is not there. */
function rule(right: RoomRight) {
  return (cell: Cell): string => {
    if (!sees(cell)) return "not_found";
    return mayInRoom(cell, right, cell) ? "stored" : "forbidden";
  };
}

/** Only who is in the room, whatever they see. */
function inside(answer: (cell: Cell) => string) {
  return (cell: Cell): string => (cell.isMember ? answer(cell) : "not_found");
}

/** In an order in which none spoils the next. */
const deeds: readonly Deed[] = [
  {
    name: "saying something",
    ask: (_, asked) => ["appendMessage", { ...asked, text: "x" }],
    answer: inside(rule("message.post")),
  },
  {
    name: "reading up to a number",
    ask: ({ who }, { stream }) => [
      "markRead",
      { stream, person: who.id, upTo: 1 },
    ],
    answer: inside(() => "stored"),
  },
  {
    name: "muting it",
    ask: (_, { by, stream }) => ["arrangeRoom", { by, stream, muted: true }],
    answer: inside(() => "stored"),
  },
  {
    name: "putting it out of sight",
    ask: (_, { by, stream }) => ["arrangeRoom", { by, stream, hidden: true }],
    answer: inside(({ kind }) => (kind === "direct" ? "stored" : "forbidden")),
  },
  {
    name: "deleting another's message",
    ask: ({ message }, asked) => ["deleteMessage", { ...asked, message }],
    answer: rule("message.delete"),
  },
  {
    name: "deleting what is no message",
    ask: (_, asked) => ["deleteMessage", { ...asked, message: 1 }],
    answer: () => "not_found",
  },
  {
    name: "letting somebody in",
    ask: ({ newcomer }, asked) => [
      "inviteToRoom",
      { ...asked, people: [newcomer.id] },
    ],
    answer: rule("room.invite"),
  },
  {
    name: "calling it otherwise",
    ask: (_, asked) => [
      "changeRoom",
      { ...asked, changes: { name: `Renamed ${asked.cid}` } },
    ],
    answer: rule("room.change"),
  },
  {
    name: "another topic",
    ask: (_, asked) => ["changeRoom", { ...asked, changes: { topic: "x" } }],
    answer: rule("room.change"),
  },
  {
    name: "changing nothing",
    ask: (_, asked) => ["changeRoom", { ...asked, changes: {} }],
    answer: (cell) => (sees(cell) ? "stored" : "not_found"),
  },
  {
    name: "making somebody its moderator",
    ask: ({ other }, asked) => [
      "changeMember",
      { ...asked, person: other.id, moderator: true },
    ],
    answer: rule("member.change"),
  },
  {
    name: "making it private",
    ask: (_, asked) => [
      "changeRoom",
      { ...asked, changes: { kind: "private" } },
    ],
    answer: rule("room.widen"),
    spoils: true,
  },
  {
    name: "taking a guest out",
    ask: ({ other }, asked) => [
      "removeFromRoom",
      { ...asked, person: other.id },
    ],
    answer: rule("room.remove"),
  },
  {
    name: "archiving it",
    ask: (_, asked) => [
      "changeRoom",
      { ...asked, changes: { archived: true } },
    ],
    // Administrators list private rooms, and may put them away; what is said
    // there they do not see.
    answer: (cell) =>
      mayInPlace(cell, "place.rooms") &&
      (cell.kind === "public" || cell.kind === "private")
        ? "stored"
        : rule("room.archive")(cell),
  },
];

/** What the room was before the deed. */
const restored = (stream: string, kind: RoomKind): string =>
  `update rooms set kind = '${kind}', archived_at = null where stream = '${stream}'`;

/**
 * The whole table of rights, asked of the store: every role in every kind of
 * room, in it or not, as its moderator or not.
 */
export function permissionsContract(under: StoreUnderTest): void {
  const { ask, become, cid, fate, guest, join, post, room } = under;

  describe("[T6] [A-4] what each may in a room is what the table says", () => {
    let maker: Me;
    let newcomer: Me;
    beforeAll(async () => {
      maker = await guest("Maker");
      newcomer = await guest("Newcomer");
    });
    afterAll(async () => {
      await ask(
        "update rooms set name = 'Lobby', name_key = 'lobby', unique_name = 'lobby', topic = '', topic_key = '' where kind = 'lobby'",
      );
    });

    async function cellOf(
      kind: RoomKind,
      { role, bound }: { role: Role; bound: boolean },
      standing: (typeof standings)[number],
    ): Promise<Cell> {
      const who = await guest("Who");
      const other = await guest("Other");
      const isMember = standing !== "outsider";
      const isModerator = standing === "moderator";
      const people = isMember ? [who, other] : [other];
      const stream = await roomOf(kind, people);
      const { seq } = await post(other, "what the other said", { stream });
      if (kind === "lobby" && !isMember) {
        await ask(
          `delete from members where stream = '${stream}' and person = '${who.id}'`,
        );
      }
      await ask(
        `update members set moderator = ${isModerator ? 1 : 0} where stream = '${stream}' and person = '${who.id}'`,
      );
      await become(who, { role, bound });
      return {
        ...{ who, role, bound, kind, isMember, isModerator, stream, other },
        ...{ newcomer, message: seq },
      };
    }

    async function roomOf(
      kind: RoomKind,
      people: readonly Me[],
    ): Promise<string> {
      if (kind === "lobby") return under.store.lobby;
      if (kind === "direct") {
        const { stream } = await under.store.write("openDirect", {
          ...{ stream: newRoomId(), by: maker.id, cid: cid() },
          people: people.map(({ id }) => id),
        });
        return stream;
      }
      const stream = await room(maker);
      for (const person of people) await join(person, stream);
      if (kind === "private") await ask(restored(stream, kind));
      return stream;
    }

    for (const kind of kinds) {
      for (const actor of actors) {
        const named = actor.bound ? "bound guest" : actor.role;
        for (const standing of standings) {
          test(`${named}, ${standing}, ${kind}`, async () => {
            const cell = await cellOf(kind, actor, standing);
            const { stream } = cell;
            const answers: string[] = [];
            const wanted: string[] = [];
            for (const { name, ask: asking, answer, spoils } of deeds) {
              const asked = { by: cell.who.id, cid: cid(), stream };
              const [write, input] = asking(cell, asked);
              answers.push(`${name}: ${await fate(write, input)}`);
              wanted.push(`${name}: ${answer(cell)}`);
              if (spoils) await ask(restored(stream, kind));
            }
            expect(answers).toEqual(wanted);
          });
        }
      }
    }
  });
}
