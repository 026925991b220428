import { afterAll, beforeAll, expect, test } from "bun:test";
import { newToken } from "../../identifiers.ts";
import { postgresPlace } from "../../testing/postgres-place.ts";
import { PeopleUnderTest } from "../contract/people-under-test.ts";
import { StoreUnderTest } from "../contract/store-under-test.ts";
import { founder } from "../founder.ts";
import { placeStream } from "../stream-keys.ts";

// What two nodes decide about the place and its people at the same moment.

const place = postgresPlace();
const nodes = [new StoreUnderTest(place), new StoreUnderTest(place)] as const;
const [one] = nodes;
const people = new PeopleUnderTest(one);

beforeAll(async () => {
  for (const node of nodes) await node.open();
  // The first to ask for a database waits until PostgreSQL has started.
}, 60_000);
afterAll(async () => {
  for (const node of nodes) await node.clear();
});

function count(fates: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const fate of fates) counts[fate] = (counts[fate] ?? 0) + 1;
  return counts;
}

test("[Q13] an invitation for one, used 50 times at once through two nodes, lets one in", async () => {
  const ann = await people.account("moderator");
  const stream = await one.room(ann);
  for (const bound of [false, true]) {
    const wanted = { uses: 1, bound, rooms: [stream] };
    const invitation = await people.invitation(ann, wanted);
    const fates = await Promise.all(
      Array.from({ length: 25 }, () =>
        nodes.map((node) =>
          node.fate("addGuest", {
            ...{ ...people.newcomer(), invitation, rooms: [stream] },
          }),
        ),
      ).flat(),
    );
    expect(count(fates)).toEqual({ stored: 1, invite_invalid: 49 });
  }
  const { count: members } = await one.store.reads.members(stream, {
    ...{ after: "", limit: 10 },
  });
  expect(members).toBe(3);
});

test("[T37] [Q13] the holder of a link comes twice at once through two nodes: one owner", async () => {
  const code = newToken(20);
  await one.store.write("makeSetupLink", { tokenHash: code, forMs: 60_000 });
  const fates = await Promise.all(
    nodes.flatMap((node) =>
      Array.from({ length: 5 }, () => {
        const { id: person, email, lobby, session } = people.newcomer();
        return node.fate("claimPlace", {
          ...{ person, email, lobby, session, rooms: [], isHere: false, code },
          settings: { name: "Our place" },
          ...{ name: `Olga ${newToken(6)}`, secret: "$argon2id$none" },
          username: newToken(12).toLowerCase(),
        });
      }),
    ),
  );
  expect(count(fates)).toEqual({ stored: 1, link_invalid: 9 });
});

test("[T39] owners who make each other members through two nodes leave one owner", async () => {
  for (let round = 0; round < 5; round += 1) {
    const [ann, ben] = [
      await people.account("owner"),
      await people.account("owner"),
    ];
    const all = await one.store.reads.peopleOfPlace({
      ...{ query: "", byEmail: false, limit: 200 },
    });
    for (const { id, role } of all.people) {
      if (role !== "owner" || id === ann.id || id === ben.id) continue;
      const lower = { by: founder, person: id, role: "member" as const };
      await one.store.write("setRole", lower);
    }
    const fates = await Promise.all([
      nodes[0].fate("setRole", { by: ann.id, person: ben.id, role: "member" }),
      nodes[1].fate("setRole", { by: ben.id, person: ann.id, role: "member" }),
      nodes[1].fate("suspendPerson", {
        ...{ by: ben.id, person: ann.id, suspended: true },
      }),
    ]);
    const left = await one.store.reads.peopleOfPlace({
      ...{ query: "", byEmail: false, limit: 200 },
    });
    const owners = left.people.filter(
      ({ role, suspended }) => role === "owner" && !suspended,
    );
    expect([owners.length, fates.includes("stored")]).toEqual([1, true]);
  }
});

test("[D-5] [L-1] whatever both do to people who are in the same rooms, nobody waits in a circle, and no number is missing", async () => {
  const boss = await people.account("owner");
  const crowd = await Promise.all(
    Array.from({ length: 6 }, () => people.account("member")),
  );
  const rooms = [await one.room(boss), await one.room(boss)];
  for (const stream of rooms) {
    await Promise.all(crowd.map((somebody) => one.join(somebody, stream)));
  }
  const since = performance.now();
  const fates = await Promise.all(
    crowd.flatMap(({ id: person }, index) => {
      const node = nodes[index % 2] ?? one;
      const other = nodes[(index + 1) % 2] ?? one;
      const by = boss.id;
      const suspend = { by, person, suspended: index % 3 === 0 };
      return [
        node.fate("setRole", { by, person, role: "moderator" }),
        other.fate("suspendPerson", suspend),
        node.fate("signOutPerson", { by, person }),
        ...rooms.map((stream) =>
          other.fate("appendMessage", {
            ...{ stream, by, cid: one.cid(), text: "x" },
          }),
        ),
      ];
    }),
  );
  // PostgreSQL looks for a circle after a second.
  expect(performance.now() - since).toBeLessThan(1_000);
  expect(count(fates)).toEqual({ stored: fates.length });
  for (const stream of [...rooms, placeStream, one.store.lobby]) {
    const seqs = (await one.log(stream)).map(({ event }) => event.seq);
    expect(seqs).toEqual(seqs.map((_, index) => index + 1));
  }
});
