import { describe, expect, test } from "bun:test";
import { newCid, newPersonId, newRoomId } from "../identifiers.ts";
import { openDatabase, type OpenDatabase } from "../testing/open-database.ts";
import {
  commitBatch,
  type Settled,
  type WriteRequest,
} from "./commit-batch.ts";
import type { WriteInput, WriteName } from "./writes/writes.ts";

/** A guest in the lobby, added at this time. */
async function addGuest(
  { connection, lobby }: OpenDatabase,
  {
    origin = "page",
    now = 2_000,
  }: { origin?: "page" | "simple-wire"; now?: number } = {},
): Promise<string> {
  const id = newPersonId();
  const session = { tokenHash: id, expiresAt: 1e15 };
  const input: WriteInput<"addGuest"> = {
    ...{ id, name: "Ann", email: "ann@example.org", lobby, origin },
    ...(origin === "page" ? { session } : {}),
  };
  await commitBatch(connection, [{ id: 1, name: "addGuest", input }], now);
  return id;
}

/** Requests numbered 1, 2, 3 … */
function requests(
  ...wanted: { [Name in WriteName]: [Name, WriteInput<Name>] }[WriteName][]
): WriteRequest[] {
  return wanted.map(([name, input], index) => ({ id: index + 1, name, input }));
}

function message(stream: string, by: string, text: string) {
  const input = { stream, by, cid: newCid(Date.now()), text };
  return ["appendMessage", input] as ["appendMessage", typeof input];
}

function statuses(settled: readonly Settled[]): string[] {
  return settled.map((one) =>
    one.status === "refused" ? one.code : one.status,
  );
}

function texts({ database }: OpenDatabase): string[] {
  return database
    .query<{ text: string }, []>("select text from messages order by seq")
    .all()
    .map(({ text }) => text);
}

describe("one commit", () => {
  test("[O-7] [P18] at never goes back when the wall clock does", async () => {
    await using place = await openDatabase();
    const ann = await addGuest(place, { now: 50_000 });
    const day = 86_400_000;
    for (const now of [50_000, 60_000, 60_000 - day, 59_000, 60_001]) {
      const batch = requests(message(place.lobby, ann, `${now}`));
      await commitBatch(place.connection, batch, now);
    }
    const rows = place.database
      .query<{ at: number }, []>(
        "select at from events where type = 'message.posted' order by seq",
      )
      .all();
    expect(rows.map(({ at }) => at)).toEqual([
      50_000, 60_000, 60_000, 60_000, 60_001,
    ]);
  });

  test("everything asked takes effect in the order given, posts among the rest too", async () => {
    await using place = await openDatabase();
    const ann = await addGuest(place);
    const stream = newRoomId();
    const room = { stream, by: ann, cid: newCid(1), name: "Room", topic: "" };
    const { settled, events } = await commitBatch(
      place.connection,
      requests(
        message(stream, ann, "too early"),
        ["createRoom", room],
        message(stream, ann, "1"),
        message(place.lobby, ann, "elsewhere"),
        message(stream, ann, "2"),
        ["leaveRoom", { stream, by: ann, cid: newCid(1) }],
        message(stream, ann, "too late"),
      ),
      3_000,
    );
    expect(settled.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(statuses(settled)).toEqual([
      ...["not_found", "done", "done", "done", "done", "done", "not_found"],
    ]);
    const ofRoom = events.filter((one) => one.stream === stream);
    expect(ofRoom.map(({ event }) => [event.seq, event.type])).toEqual([
      [1, "room.created"],
      [2, "member.joined"],
      [3, "message.posted"],
      [4, "message.posted"],
      [5, "member.left"],
    ]);
  });

  test("[D-1] [D-5] a refusal takes none of the posts before it along, however many they are", async () => {
    await using place = await openDatabase();
    const ann = await addGuest(place);
    // As many as SQLite takes in several statements, and after them a refusal.
    const posts = Array.from({ length: 95 }, (_, n) =>
      message(place.lobby, ann, `${n}`),
    );
    const stream = newRoomId();
    const { settled } = await commitBatch(
      place.connection,
      requests(...posts, ["leaveRoom", { stream, by: ann, cid: newCid(1) }]),
      3_000,
    );
    expect(statuses(settled).slice(-2)).toEqual(["done", "not_found"]);
    expect(texts(place)).toEqual(posts.map((_, n) => `${n}`));
    const events = place.database
      .query("select 1 from events where type = 'message.posted'")
      .all();
    expect(events).toHaveLength(posts.length);
  });

  test("[D-9] a write that fails unforeseen is undone whole, and no neighbour with it", async () => {
    await using place = await openDatabase();
    const ann = await addGuest(place);
    // A guest of the simple wire has no inbox, so marking fails half-way:
    // after the mark was written, before it could be told.
    const simple = await addGuest(place, { origin: "simple-wire" });
    const { settled, events } = await commitBatch(
      place.connection,
      requests(
        message(place.lobby, ann, "before"),
        ["markRead", { stream: place.lobby, person: simple, upTo: 4 }],
        message(place.lobby, ann, "after"),
      ),
      3_000,
    );
    expect(statuses(settled)).toEqual(["done", "failed", "done"]);
    expect(events.map(({ event }) => event.type)).toEqual([
      "message.posted",
      "message.posted",
    ]);
    const row = place.database
      .query("select read from members where person = ?")
      .get(simple);
    expect(row).toEqual({ read: 3 });
    expect(texts(place)).toEqual(["before", "after"]);
  });

  test("[D-9] [P4] a commit that finds the disk full stores nothing of itself; later ones work when there is room", async () => {
    await using place = await openDatabase();
    const { connection, database, lobby } = place;
    const ann = await addGuest(place);
    const pages = database
      .query<{ page_count: number }, []>("PRAGMA page_count")
      .get()?.page_count;
    database.run(`PRAGMA max_page_count = ${(pages ?? 0) + 30}`);

    const long = "x".repeat(10_000);
    let acknowledged = 0;
    let code: unknown;
    for (let round = 0; round < 30 && code === undefined; round += 1) {
      const batch = requests(
        message(lobby, ann, `${round} a ${long}`),
        message(lobby, ann, `${round} b ${long}`),
      );
      try {
        const { settled } = await commitBatch(connection, batch, 3_000);
        acknowledged += settled.length;
      } catch (error) {
        code = (error as { code?: unknown }).code;
      }
    }
    expect(code).toBe("SQLITE_FULL");
    expect(acknowledged).toBeGreaterThan(0);
    expect(texts(place)).toHaveLength(acknowledged);

    database.run("PRAGMA max_page_count = 1000000");
    const batch = requests(message(lobby, ann, "there is room again"));
    const { settled } = await commitBatch(connection, batch, 3_000);
    expect(statuses(settled)).toEqual(["done"]);
    expect(texts(place)).toHaveLength(acknowledged + 1);
    const check = database.query("PRAGMA integrity_check").get();
    expect(check).toEqual({ integrity_check: "ok" });
  });

  test("[P4] a full disk found by a write other than a post is told as full, not as a mistake of that write", async () => {
    await using place = await openDatabase();
    const { connection, database } = place;
    const ann = await addGuest(place);
    const pages = database
      .query<{ page_count: number }, []>("PRAGMA page_count")
      .get()?.page_count;
    database.run(`PRAGMA max_page_count = ${pages ?? 0}`);
    const rooms = (count: number): WriteRequest[] =>
      Array.from({ length: count }, (_, index) => ({
        id: index,
        name: "createRoom",
        input: {
          ...{ stream: newRoomId(), by: ann, cid: newCid(1), topic: "" },
          name: `Room ${index} ${"x".repeat(2_000)}`,
        },
      }));
    let code: unknown;
    try {
      await commitBatch(connection, rooms(50), 3_000);
    } catch (error) {
      code = (error as { code?: unknown }).code;
    }
    expect(code).toBe("SQLITE_FULL");
    const { rooms: count } = database
      .query("select count(*) as rooms from rooms")
      .get() as { rooms: number };
    expect(count).toBe(1);
  });

  test("text is stored once: an event of a message has none of it", async () => {
    await using place = await openDatabase();
    const ann = await addGuest(place);
    const text = `only once ${newCid(1)}`;
    const batch = requests(message(place.lobby, ann, text));
    await commitBatch(place.connection, batch, 3_000);
    const { found } = place.database
      .query("select count(*) as found from events where data like ?")
      .get(`%${text}%`) as { found: number };
    expect(found).toBe(0);
    expect(texts(place)).toEqual([text]);
  });

  test("[P20] [D-9] a post that fails unforeseen takes no neighbour with it", async () => {
    await using place = await openDatabase();
    const ann = await addGuest(place);
    const poison = message(place.lobby, ann, "");
    (poison[1] as { text: unknown }).text = { not: "a text" };
    const batch = requests(
      message(place.lobby, ann, "before"),
      poison,
      message(place.lobby, ann, "after"),
    );
    const { settled, events } = await commitBatch(
      place.connection,
      batch,
      3_000,
    );
    expect(statuses(settled)).toEqual(["done", "failed", "done"]);
    expect(texts(place)).toEqual(["before", "after"]);
    expect(events).toHaveLength(2);
  });
});
