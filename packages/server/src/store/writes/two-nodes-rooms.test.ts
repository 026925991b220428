import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { Event, Me } from "@parley/protocol";
import { newRoomId } from "../../identifiers.ts";
import { ask as askDatabase, nodeOn } from "../../testing/moved-place.ts";
import { createTestDatabase } from "../../testing/test-postgres.ts";
import type { StoreUnderTest } from "../contract/store-under-test.ts";
import { inboxOf, placeStream } from "../stream-keys.ts";

// What two nodes decide about one room at the same moment.

setDefaultTimeout(60_000);

/** PostgreSQL looks for a circle of waiting transactions after a second. */
const deadlockMs = 1_000;

let url: string;
let one: StoreUnderTest;
let two: StoreUnderTest;
let nodes: readonly StoreUnderTest[];

beforeAll(async () => {
  url = await createTestDatabase();
  [one, two] = [nodeOn(url), nodeOn(url)];
  nodes = [one, two];
  await one.open();
  await two.open();
});
afterAll(() => Promise.all(nodes.map((node) => node.clear())));

const from = (by: { id: string }, stream: string) => ({
  ...{ stream, by: by.id, cid: one.cid() },
});

async function wholeLog(stream: string): Promise<Event[]> {
  const events = (await two.log(stream)).map(({ event }) => event);
  const seqs = events.map(({ seq }) => seq);
  expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  return events;
}

async function become(who: Me, role: string): Promise<void> {
  await askDatabase(url, "update people set role = $1 where id = $2", [
    ...[role, who.id],
  ]);
}

test("one direct room opened on both at once, from both sides, is one room", async () => {
  for (let round = 0; round < 15; round += 1) {
    const [ann, ben, cleo] = [
      await one.guest(),
      await two.guest("Ben"),
      await one.guest("Cleo"),
    ];
    const open = (node: StoreUnderTest, by: Me, others: readonly Me[]) =>
      node.store.write("openDirect", {
        ...from(by, newRoomId()),
        people: others.map(({ id }) => id),
      });
    const answers = await Promise.all([
      open(one, ann, [ben, cleo]),
      open(two, ben, [cleo, ann]),
      open(two, cleo, [ben, ann]),
      open(one, ann, [cleo, ben]),
    ]);
    const [{ stream }] = answers;
    for (const answer of answers) expect(answer.stream).toBe(stream);
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
    expect(await wholeLog(stream)).toHaveLength(4);
    for (const who of [ann, ben, cleo]) {
      const rooms = await two.store.reads.rooms(who.id);
      expect(rooms.filter(({ kind }) => kind === "direct")).toHaveLength(1);
    }
  }
});

test("[A-1] who is taken out through one while posting through the other says nothing after they are out", async () => {
  const [ann, ben] = [await one.guest(), await one.guest("Ben")];
  const stream = await one.room(ann);
  for (let round = 0; round < 30; round += 1) {
    await one.join(ben, stream);
    const say = (node: StoreUnderTest) =>
      node.fate("appendMessage", { ...from(ben, stream), text: "x" });
    const taking = { ...from(ann, stream), person: ben.id };
    const [, , , late] = await Promise.all([
      say(two),
      one.store.write("removeFromRoom", taking),
      say(two),
      say(one),
    ]);
    expect(["stored", "not_found"]).toContain(late);
    expect(await say(two)).toBe("not_found");
  }
  let isIn = false;
  for (const event of await wholeLog(stream)) {
    if (event.type === "member.joined" && event.person.id === ben.id) {
      isIn = true;
    } else if (event.type === "member.left") isIn = false;
    else if (event.by === ben.id) expect(isIn).toBe(true);
  }
});

test("a room archived through one while people post through both: nothing is said in it afterwards", async () => {
  const ann = await one.guest();
  const stream = await one.room(ann);
  for (let round = 0; round < 20; round += 1) {
    const change = (archived: boolean) =>
      one.store.write("changeRoom", {
        ...{ ...from(ann, stream), changes: { archived } },
      });
    const say = (node: StoreUnderTest) =>
      node.fate("appendMessage", { ...from(ann, stream), text: "x" });
    await Promise.all([say(two), change(true), say(two), say(one)]);
    expect(await say(two)).toBe("archived");
    await change(false);
  }
  let isArchived = false;
  for (const event of await wholeLog(stream)) {
    if (event.type === "room.changed") isArchived = event.archived ?? false;
    else expect(isArchived).toBe(false);
  }
});

test("[Q14] one name for several rooms on both at once, new ones and renamed ones: one has it", async () => {
  for (let round = 0; round < 10; round += 1) {
    const [ann, ben] = [await one.guest(), await two.guest("Ben")];
    const rooms = [await one.room(ann), await two.room(ben)] as const;
    const name = `Race ${newRoomId()}`;
    const changes = { name };
    const fates = await Promise.all([
      one.fate("changeRoom", { ...from(ann, rooms[0]), changes }),
      two.fate("changeRoom", { ...from(ben, rooms[1]), changes }),
      two.fate("createRoom", { ...from(ann, newRoomId()), name, topic: "" }),
      one.fate("createRoom", { ...from(ben, newRoomId()), name, topic: "" }),
    ]);
    expect(fates.toSorted()).toEqual([
      ...new Array<string>(3).fill("name_taken"),
      "stored",
    ]);
  }
});

test("one message deleted on both at once is deleted once", async () => {
  const [ann, ben] = [await one.guest(), await two.guest("Ben")];
  const stream = await one.room(ann);
  await two.join(ben, stream);
  for (let round = 0; round < 10; round += 1) {
    const { seq: message } = await two.post(ben, "x", { stream });
    const answers = await Promise.all(
      [one, two, one, two].map((node, index) =>
        node.store.write("deleteMessage", {
          ...{ ...from(index % 2 ? ann : ben, stream), message },
        }),
      ),
    );
    expect(answers.filter(({ repeated }) => !repeated)).toHaveLength(1);
  }
  await wholeLog(stream);
});

test("[A-2] who loses a rank through one does nothing more with it through the other", async () => {
  const [owner, ann] = [await one.guest("Olga"), await two.guest()];
  await become(owner, "owner");
  const stream = await one.room(owner);
  for (let round = 0; round < 10; round += 1) {
    await become(ann, "administrator");
    const before = (await wholeLog(stream)).length;
    const rename = (node: StoreUnderTest) =>
      node.fate("changeRoom", {
        ...from(ann, stream),
        changes: { topic: one.cid() },
      });
    await Promise.all([
      rename(two),
      one.store.write("setRole", {
        ...{ by: owner.id, person: ann.id, role: "member" },
      }),
      rename(two),
    ]);
    const after = (await wholeLog(stream)).length;
    expect(after - before).toBeLessThanOrEqual(2);
    expect(await rename(two)).toBe("forbidden");
  }
  // Nothing of Ann's stands behind the word in her inbox that she is a member.
  const told = (await wholeLog(inboxOf(ann.id))).at(-1);
  expect(told).toMatchObject({ type: "me.changed", me: { kind: "member" } });
});

test("[L-1] whatever changes rooms, members, ranks and sessions at once on both never waits in a circle", async () => {
  const [owner, ...crowd] = await Promise.all(
    Array.from({ length: 5 }, (_, n) => one.guest(`Person ${n}`)),
  );
  if (owner === undefined) throw new Error("nobody came");
  await become(owner, "owner");
  const rooms = await Promise.all([1, 2, 3].map(() => one.room(owner)));
  for (const stream of rooms) {
    for (const who of crowd) await one.join(who, stream);
  }
  const waits: number[] = [];
  for (let round = 0; round < 8; round += 1) {
    const since = performance.now();
    const done: Promise<unknown>[] = [];
    for (const [index, stream] of rooms.entries()) {
      const node = nodes[(round + index) % 2] ?? one;
      const other = nodes[(round + index + 1) % 2] ?? two;
      const [ann, ben] = [crowd[index], crowd[index + 1]];
      if (ann === undefined || ben === undefined) continue;
      const person = ann.id;
      const { store } = node;
      const { store: elsewhere } = other;
      done.push(
        store.write("appendMessage", { ...from(ben, stream), text: "x" }),
        store.write("removeFromRoom", { ...from(owner, stream), person }),
        elsewhere.write("changeRoom", {
          ...{ ...from(owner, stream), changes: { topic: one.cid() } },
        }),
        elsewhere.write("suspendPerson", {
          ...{ by: owner.id, person, suspended: round % 2 === 0 },
        }),
        store.write("changeMember", {
          ...{ ...from(owner, stream), person: ben.id },
          moderator: round % 2 === 0,
        }),
        elsewhere.write("openDirect", {
          ...{ ...from(owner, newRoomId()), people: [ben.id, person] },
        }),
        store.write("inviteToRoom", {
          ...{ ...from(owner, stream), people: [person, ben.id] },
        }),
        elsewhere.write("changeMe", {
          ...{ by: ben.id, changes: { name: `Ben ${one.cid()}` } },
        }),
        store.write("endSession", { tokenHash: ann.hash }),
      );
    }
    const outcomes = await Promise.allSettled(done);
    for (const outcome of outcomes) {
      if (outcome.status === "fulfilled") continue;
      // Refused, perhaps; never given up.
      expect((outcome.reason as { code?: string }).code).toBeOneOf([
        ...["not_found", "forbidden", "unauthenticated", "invalid_name"],
      ]);
    }
    waits.push(performance.now() - since);
  }
  expect(Math.max(...waits)).toBeLessThan(deadlockMs);
  for (const stream of [...rooms, placeStream]) await wholeLog(stream);
});
