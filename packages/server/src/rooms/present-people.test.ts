import { beforeEach, expect, test } from "bun:test";
import type { Reads } from "../store/store.ts";
import type { Follower } from "./follower.ts";
import { PresentPeople, type Choices } from "./present-people.ts";

const room = "r_room000000";
const other = "r_other00000";
const ann = "u_ann0000000";

const open = { showsPresence: true, showsTyping: true };
const closed = { showsPresence: false, showsTyping: false };

let asked: (readonly string[])[];
/** Of the inbox. */
let head: number;
/** What they have chosen. */
let stored: Choices;
let answer: PromiseWithResolvers<Set<string>>;
let people: PresentPeople;

beforeEach(() => {
  asked = [];
  head = 10;
  stored = open;
  answer = Promise.withResolvers();
  const reads: Pick<Reads, "memberships" | "heads" | "choices"> = {
    memberships: async (ids) => {
      asked.push(ids);
      const rooms = await answer.promise;
      return new Map(
        ids.map((id) => [id, new Map([...rooms].map((one) => [one, 1]))]),
      );
    },
    choices: async (ids) => {
      await answer.promise;
      const { showsPresence, showsTyping } = stored;
      const chosen = { showsPresence, showsTyping, roomOrder: "name" as const };
      return new Map(ids.map((id) => [id, chosen]));
    },
    heads: (streams) =>
      Promise.resolve(new Map(streams.map((one) => [one, head]))),
  };
  people = new PresentPeople(reads as Reads);
});

function connection(person = ann): Follower {
  return {
    person,
    sessionId: "s_0000000000000000",
    subscribe: () => undefined,
    unsubscribe: () => undefined,
    isAway: false,
    endSession: () => undefined,
  };
}

test("the store is asked once per person, however many connections there are", async () => {
  people.arrive(connection());
  people.arrive(connection());
  const both = Promise.all([people.known(ann), people.known(ann)]);
  answer.resolve(new Set([room]));
  await both;
  people.arrive(connection());
  await people.known(ann);
  expect(asked).toEqual([[ann]]);
  expect(people.isIn(ann, room)).toBe(true);
  expect(people.isIn(ann, other)).toBe(false);
  expect(people.connectionCount(ann)).toBe(3);
});

test("[P13] who arrives in one turn is asked about in one question", async () => {
  const ids = ["u_a000000000", "u_b000000000", "u_c000000000"];
  for (const id of ids) people.arrive(connection(id));
  answer.resolve(new Set());
  await Promise.all(ids.map((id) => people.known(id)));
  expect(asked).toEqual([ids]);
});

test("[A-1] what is heard while the store is asked is the newer word", async () => {
  people.arrive(connection());
  const known = people.known(ann);
  people.left(ann, room);
  people.entered(ann, other);
  answer.resolve(new Set([room]));
  await known;
  expect(people.isIn(ann, room)).toBe(false);
  expect(people.isIn(ann, other)).toBe(true);
});

test("[A-1] a word of the inbox that the store's answer holds already does not undo what is newer", async () => {
  people.arrive(connection());
  // 9: left the room, 10: came back. Both are told here when it is known already.
  const known = people.known(ann);
  expect(people.left(ann, room, { seq: 9 })).toBe(true);
  answer.resolve(new Set([room]));
  await known;
  expect(people.isIn(ann, room)).toBe(true);
  people.entered(ann, other, { seq: 8 });
  expect(people.left(ann, room, { seq: 10 })).toBe(false);
  expect([people.isIn(ann, room), people.isIn(ann, other)]).toEqual([
    true,
    false,
  ]);
  expect(people.left(ann, room, { seq: 11 })).toBe(true);
  people.entered(ann, other, { seq: 12 });
  expect([people.isIn(ann, room), people.isIn(ann, other)]).toEqual([
    false,
    true,
  ]);
});

test("[A-1] whoever asks the store can tell whether something was heard meanwhile", () => {
  expect(people.changesOf(ann)).toBe(0);
  people.arrive(connection());
  const before = people.changesOf(ann);
  people.left(ann, room, { seq: 11 });
  expect(people.changesOf(ann)).not.toBe(before);
  people.left(ann, room);
  expect(people.changesOf(ann)).toBe(before + 2);
});

test("before it is known what they may read, they may read nothing", () => {
  people.arrive(connection());
  expect(people.isIn(ann, room)).toBe(false);
});

test("[L-4] with the last connection the person is forgotten, and asked about anew", async () => {
  const [one, two] = [connection(), connection()];
  people.arrive(one);
  people.arrive(two);
  answer.resolve(new Set([room]));
  await people.known(ann);
  expect(people.depart(one)).toBe(false);
  expect(people.depart(one)).toBe(false);
  expect(people.isIn(ann, room)).toBe(true);
  expect(people.depart(two)).toBe(true);
  expect(people.depart(two)).toBe(false);
  expect(people.size).toBe(0);
  expect(people.isIn(ann, room)).toBe(false);
  people.arrive(connection());
  await people.known(ann);
  expect(asked).toHaveLength(2);
});

test("[A-3] what they have chosen is not known before the store was asked, then as it says", async () => {
  stored = closed;
  people.arrive(connection());
  const known = people.known(ann);
  expect(people.choicesOf(ann)).toBeUndefined();
  answer.resolve(new Set());
  await known;
  expect(people.choicesOf(ann)).toMatchObject(closed);
  people.chose(ann, { choices: open, seq: 11 });
  expect(people.choicesOf(ann)).toEqual(open);
});

test("[A-3] what was chosen while the store is asked is the newer word, unless the answer has it", async () => {
  people.arrive(connection());
  const known = people.known(ann);
  people.chose(ann, { choices: closed, seq: 11 });
  answer.resolve(new Set());
  await known;
  expect(people.choicesOf(ann)).toEqual(closed);
  // Told late, of before what the store has said.
  people.chose(ann, { choices: open, seq: 10 });
  expect(people.choicesOf(ann)).toEqual(closed);
});

test("of who is not here nothing is kept", () => {
  people.entered(ann, room);
  expect(people.isIn(ann, room)).toBe(false);
  expect([...people.followersOf(ann)]).toEqual([]);
});
