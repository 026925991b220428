import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { RoomSummary } from "@parley/protocol";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { enter, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs, roomsOf } from "../testing/test-guest.ts";

let server: TestServer;
let ann: Present;
let ben: Present;
/** A room that Ann made, with three messages and without Ben. */
let design: string;
beforeAll(async () => {
  server = await startTestServer({
    ...generous,
    PARLEY_FRAME_RATE: "1000/s burst 1000",
    PARLEY_LOBBY: "大厅",
  });
  ann = await enter(server, "Ann");
  ben = await enter(server, "Ben");
  design = await ann.makeRoom("设计 Design");
  for (const text of ["one", "two", "three"]) await ann.say(text, design);
});
afterAll(async () => {
  await Promise.all([ann.leave(), ben.leave()]);
  await server[Symbol.asyncDispose]();
});

const ask = (path: string, who = ann) =>
  askHttp(server, path, { cookie: who.guest.cookie });

describe("one's rooms", () => {
  test("the lobby first, each with its head, mark and unread count: the cursors for hello", async () => {
    const { json } = await ask("/api/rooms");
    const { rooms, inbox, epoch } = json as {
      rooms: RoomSummary[];
      inbox: number;
      epoch: string;
    };
    expect(rooms.map(({ name, kind }) => [name, kind])).toEqual([
      ["大厅", "lobby"],
      ["设计 Design", "public"],
    ]);
    expect(rooms[1]).toEqual({
      stream: design,
      name: "设计 Design",
      kind: "public",
      topic: "",
      moderator: true,
      head: 5,
      read: 2,
      unread: 0,
    });
    expect(inbox).toBeGreaterThanOrEqual(2);
    expect(epoch).toBe(ann.epoch);
  });

  test("with what one is, what one has chosen, and whom one blocks, as of the same moment", async () => {
    const cleo = await enter(server, "Cleo");
    const rooms = async () => (await ask("/api/rooms", cleo)).json;
    const usual = {
      ...{ showsPresence: true, showsTyping: true, roomOrder: "name" },
    };
    expect(await rooms()).toMatchObject({
      me: { id: cleo.id, name: "Cleo", kind: "guest" },
      ...{ preferences: usual, blocked: [] },
    });
    await cleo.ask({ type: "preferences.set", roomOrder: "recent" });
    await cleo.ask({ type: "person.block", person: ben.id, blocked: true });
    await cleo.ask({ type: "room.arrange", stream: cleo.lobby, muted: true });
    expect(await rooms()).toMatchObject({
      preferences: { ...usual, roomOrder: "recent" },
      blocked: [ben.id],
      rooms: [{ stream: cleo.lobby, muted: true }],
    });
    await cleo.leave();
  });

  test("[A-3] nobody hears of a room they are not in", async () => {
    const { text } = await ask("/api/rooms", ben);
    expect(text).not.toContain(design);
  });

  test("[T8] a stranger's question tells nothing but who may answer it", async () => {
    const { text } = await askHttp(server, "/api/rooms");
    expect(text).not.toContain("大厅");
  });
});

describe("[A-4] [T7] a room that is not there and one that may not be seen", () => {
  for (const part of ["messages", "members", "messages?limit=1&before=2"]) {
    test(`answer the same bytes and headers for ${part}`, async () => {
      const forbidden = await ask(`/api/streams/${design}/${part}`, ben);
      const unknown = await ask(`/api/streams/r_0000000000/${part}`, ben);
      expectRefusal(forbidden, "not_found");
      expect(unknown.text).toBe(forbidden.text);
      const headersOf = ({ headers }: typeof unknown) =>
        [...headers].filter(([name]) => name !== "date");
      expect(headersOf(unknown)).toEqual(headersOf(forbidden));
    });
  }

  test("are refused before what else is wrong with the question", async () => {
    const path = `/api/streams/${design}/messages?limit=nonsense`;
    expectRefusal(await ask(path, ben), "not_found");
  });

  test("[T5] [A-1] leaving shuts the room at once", async () => {
    const room = await ann.makeRoom("Left");
    const cleo = await enter(server, "Cleo");
    const cid = "01926e4a-7c3b-7d2e-9f10-5a6b7c8d9e0f";
    await cleo.ask({ type: "room.join", cid, stream: room });
    const path = `/api/streams/${room}/messages`;
    expect((await ask(path, cleo)).status).toBe(200);
    const leave = { type: "room.leave", stream: room };
    await cleo.ask({ ...leave, cid: cid.replace("01926e4a", "01926e4b") });
    expectRefusal(await ask(path, cleo), "not_found");
    await cleo.leave();
  });
});

describe("a page of messages", () => {
  const page = (query: string) =>
    ask(`/api/streams/${design}/messages${query}`);

  test("is the newest by default, ascending, with its authors and what it covers", async () => {
    const { json } = await page("");
    expect(json).toMatchObject({
      messages: [
        { seq: 3, by: ann.id, text: "one" },
        { seq: 4, by: ann.id, text: "two" },
        { seq: 5, by: ann.id, text: "three" },
      ],
      from: 1,
      to: 5,
      head: 5,
      people: [{ id: ann.id, name: "Ann", kind: "guest" }],
    });
    const [first] = (json as { messages: object[] }).messages;
    expect(Object.keys(first ?? {}).sort()).toEqual([
      "at",
      "by",
      "cid",
      "seq",
      "text",
    ]);
  });

  test("before, after and limit choose another one", async () => {
    expect((await page("?limit=1")).json).toMatchObject({
      ...{ messages: [{ seq: 5 }], from: 5, to: 5 },
    });
    expect((await page("?before=5&limit=1")).json).toMatchObject({
      ...{ messages: [{ seq: 4 }], from: 4, to: 4 },
    });
    expect((await page("?after=3&limit=1")).json).toMatchObject({
      ...{ messages: [{ seq: 4 }], from: 4, to: 4 },
    });
    expect((await page("?after=5")).json).toMatchObject({
      ...{ messages: [], from: 6, to: 5, people: [] },
    });
  });

  test("holds 50 messages when nothing is said, and at most 100", async () => {
    const many = await ann.makeRoom("Many");
    for (const round of [1, 2]) {
      await Promise.all(
        Array.from({ length: 55 }, () => ann.say(`round ${round}`, many)),
      );
    }
    const count = async (query: string): Promise<number> => {
      const path = `/api/streams/${many}/messages${query}`;
      const { json } = await ask(path);
      return (json as { messages: unknown[] }).messages.length;
    };
    expect(await count("")).toBe(50);
    expect(await count("?limit=100")).toBe(100);
  });

  const wrong = [
    "limit=1&limit=999",
    "limit[]=1",
    "limit=1e9",
    "limit=-1",
    "limit=0",
    "limit=101",
    "limit=",
    "limit=1.5",
    "limit=%31%00",
    "limit=１",
    "limit=0x10",
    "limit=+1",
    "before=abc",
    "before=-1",
    "before=9007199254740993",
    "before=99999999999999999999",
    "before=NaN",
    "after=null",
    "after=1&after=2",
    "after[0]=1",
    "before=1%27",
  ];
  for (const query of wrong) {
    test(`[Q7] [Q8] ?${query} is invalid_query`, async () => {
      expectRefusal(await page(`?${query}`), "invalid_query");
    });
  }

  test("a parameter that nobody knows is ignored", async () => {
    expect((await page("?_=1792051200000")).status).toBe(200);
  });
});

describe("the directory", () => {
  const find = async (query: string, who = ben) => {
    const path = `/api/directory?query=${encodeURIComponent(query)}`;
    const { json } = await ask(path, who);
    return (json as { rooms: { name: string }[] }).rooms;
  };

  test("lists public rooms by name, with how many are in them and whether oneself is", async () => {
    expect(await find("设计")).toEqual([
      {
        stream: design,
        name: "设计 Design",
        topic: "",
        members: 1,
        joined: false,
      },
    ] as never);
    expect(await find("DESIGN", ann)).toMatchObject([{ joined: true }]);
  });

  test("[T12] what is looked for is text, whatever it means to SQL", async () => {
    for (const query of ["%", "_", "\\", "' or 1=1 --", '") OR 1=1 --', "*"]) {
      expect(await find(query)).toEqual([]);
    }
  });

  test("[Q7] a query that is doubled, too long or no text is invalid_query", async () => {
    for (const query of [
      "query=a&query=b",
      "query[]=a",
      `query=${"x".repeat(81)}`,
    ]) {
      expectRefusal(await ask(`/api/directory?${query}`), "invalid_query");
    }
  });

  test("a query of bytes that are no text finds nothing", async () => {
    const { json } = await ask("/api/directory?query=%ff%fe");
    expect(json).toEqual({ rooms: [] });
  });
});

test("[O-5] a message is in the page that is asked for after its ok", async () => {
  const guest = await joinAs(server, "Reader");
  for (let round = 0; round < 10; round += 1) {
    const { seq } = await ann.say(`round ${round}`);
    const path = `/api/streams/${ann.lobby}/messages?limit=1`;
    const { json } = await askHttp(server, path, guest);
    expect(json).toMatchObject({ messages: [{ seq }], head: seq });
  }
  const { rooms } = await roomsOf(server, guest);
  expect(rooms[0]?.unread).toBe(10);
});
