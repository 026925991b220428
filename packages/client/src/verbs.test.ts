import { expect, test } from "bun:test";
import type { Chat } from "./chat.ts";
import { NetworkError } from "./errors.ts";
import { failureOf } from "./testing/failure-of.ts";
import {
  ann,
  bob,
  createScene,
  design,
  eve,
  lobby,
  type Visit,
} from "./testing/scene.ts";

/** Everything that a person can only do with a connection. */
const commands: [
  type: string,
  act: (chat: Chat) => Promise<unknown>,
  object,
][] = [
  [
    "room.create",
    (chat) => chat.createRoom({ name: "Secret", kind: "private" }),
    { name: "Secret", kind: "private" },
  ],
  ["room.join", (chat) => chat.joinRoom(design), { stream: design }],
  ["room.leave", (chat) => chat.leaveRoom(design), { stream: design }],
  [
    "room.change",
    (chat) => chat.changeRoom(design, { topic: "New", readOnly: true }),
    { stream: design, topic: "New", readOnly: true },
  ],
  [
    "room.invite",
    (chat) => chat.inviteToRoom(design, [eve]),
    { stream: design, people: [eve] },
  ],
  [
    "room.remove",
    (chat) => chat.removeFromRoom(design, eve),
    { stream: design, person: eve },
  ],
  [
    "member.change",
    (chat) => chat.changeMember(design, bob, true),
    { stream: design, person: bob, moderator: true },
  ],
  ["direct.open", (chat) => chat.openDirect([bob]), { people: [bob] }],
  [
    "message.delete",
    (chat) => chat.deleteMessage(lobby, 5),
    { stream: lobby, message: 5 },
  ],
];

/** The last word holds for these, so that they need no cid. */
const choices: typeof commands = [
  [
    "room.arrange",
    (chat) => chat.arrangeRoom(design, { favourite: true }),
    { stream: design, favourite: true },
  ],
  [
    "preferences.set",
    (chat) => chat.setPreferences({ showsTyping: false }),
    { showsTyping: false },
  ],
  [
    "person.block",
    (chat) => chat.blockPerson(bob, true),
    { person: bob, blocked: true },
  ],
];

function sentBy({ written }: Visit, type: string) {
  const [{ id, cid, ...rest } = {}] = written(type);
  return { hasId: id !== undefined, hasCid: cid !== undefined, rest };
}

for (const [type, act, params] of [...commands, ...choices]) {
  const hasCid = commands.some(([name]) => name === type);
  test(`${type} says what is asked, ${hasCid ? "with" : "without"} a cid`, () => {
    const { server, wire, enter } = createScene();
    server.addRoom(design, "Design", [ann, bob]);
    const visit = enter(ann);
    act(visit.chat).catch(() => undefined);
    wire.flush();
    expect(sentBy(visit, type)).toEqual({
      hasId: true,
      hasCid,
      rest: { type, ...params },
    });
  });

  test(`${type} without a connection fails at once, and is not sent later`, async () => {
    const { wire, enter } = createScene();
    const visit = enter(ann);
    visit.device.isOnline = false;
    visit.device.cut(1001);
    wire.flush();
    expect(await failureOf(act(visit.chat))).toBeInstanceOf(NetworkError);
    visit.device.isOnline = true;
    visit.device.wake();
    wire.advance(5_000);
    expect(visit.chat.state.connection.status).toBe("live");
    expect(visit.written(type)).toEqual([]);
  });
}

test("what one does is on all one's screens, and the others see their part", async () => {
  const { server, wire, enter } = createScene();
  const [laptop, phone, other] = [enter(ann), enter(ann), enter(bob)];
  const opened = laptop.chat.openDirect([bob]);
  wire.flush();
  const direct = await opened;
  for (const { room } of [laptop, phone]) {
    expect(room(direct)).toMatchObject({ kind: "direct", others: [bob] });
    expect(room(direct).hidden).toBe(0);
  }
  // Nobody is bothered with a conversation in which nothing was said yet.
  expect(other.room(direct).hidden).toBeGreaterThan(0);
  const deleted = laptop.chat.post(direct, "to be deleted");
  laptop.chat.setPreferences({ roomOrder: "recent" }).catch(() => undefined);
  laptop.chat.blockPerson(eve, true).catch(() => undefined);
  laptop.chat.arrangeRoom(lobby, { muted: true }).catch(() => undefined);
  wire.flush();
  expect(other.room(direct)).toMatchObject({ hidden: 0, unread: 1 });
  for (const { chat, room } of [laptop, phone]) {
    expect(chat.state.preferences.roomOrder).toBe("recent");
    expect([...chat.state.blocked]).toEqual([eve]);
    expect(room(lobby).muted).toBe(true);
  }
  expect(other.room(lobby).muted).toBe(false);
  const [said] = server.messages(direct);
  laptop.chat.deleteMessage(direct, said?.seq ?? 0).catch(() => undefined);
  wire.flush();
  for (const { room } of [laptop, phone, other]) {
    expect(room(direct)).toMatchObject({ unread: 0 });
    expect(room(direct).timeline.messages).toMatchObject([
      { cid: deleted, text: "", deleted: true },
    ]);
  }
});

test("members come with who moderates, and people are found by their names", async () => {
  const { server, wire, enter } = createScene();
  server.addRoom(design, "Design", [ann, bob]);
  const { chat, device } = enter(ann);
  const [members, found] = [chat.members(design), chat.searchPeople("An n&")];
  wire.flush();
  expect(await members).toMatchObject({
    count: 2,
    members: [{ id: ann, moderator: true }, { id: bob }],
  });
  expect(await found).toMatchObject([{ id: ann }]);
  expect(device.asked).toContain("/api/people/search");
});

test("who is blocked has a name, also for a page that meets them nowhere else", () => {
  const { wire, enter } = createScene();
  const [laptop, phone] = [enter(ann), enter(ann)];
  laptop.chat.blockPerson(eve, true).catch(() => undefined);
  wire.flush();
  for (const { chat } of [laptop, phone, enter(ann)]) {
    expect(chat.state.people.get(eve)?.name).toBe("Eve");
  }
});
