import { Database } from "bun:sqlite";
import { join } from "node:path";
import {
  hashToken,
  newCid,
  newPersonId,
  newRoomId,
  newSessionToken,
} from "../../packages/server/src/identifiers.ts";
import { spawnParley } from "../peers/parley.ts";

export interface WorldSize {
  people: number;
  rooms: number;
  /** Rooms that each person is in. */
  roomsEach: number;
  /** Messages in each room. */
  messages: number;
}

/** Somebody who can come, with the cookie that lets them in. */
export interface Member {
  cookie: string;
  /** Indexes into the world's rooms. */
  rooms: number[];
}

/** A data folder in which much was said. */
export interface StoredWorld {
  epoch: string;
  rooms: string[];
  /** The last number of each room. */
  heads: number[];
  members: Member[];
}

const dayMs = 86_400_000;
const text = "It is about as long as what people say to each other. ".repeat(2);

/**
 * Fills a folder directly: over the wire a million messages would take longer
 * than everything that is measured. Parley makes the tables, and what is
 * written is what it would have written, but that joins are not among the
 * events.
 */
export async function storeWorld(
  data: string,
  size: WorldSize,
): Promise<StoredWorld> {
  const founding = await spawnParley({ data, isPinned: false });
  await founding[Symbol.asyncDispose]();
  using database = new Database(join(data, "parley.db"), { strict: true });
  // Only here, where nothing would be lost: all of it is made again each time.
  database.run("PRAGMA synchronous = OFF");
  const world = database.transaction(() => fill(database, size))();
  database.run("PRAGMA wal_checkpoint(TRUNCATE)");
  return world;
}

function fill(database: Database, size: WorldSize): StoredWorld {
  const now = Date.now();
  const people = Array.from({ length: size.people }, () => newPersonId());
  const rooms = Array.from({ length: size.rooms }, () => newRoomId());
  const head = 1 + size.messages;
  const [{ value: epoch } = { value: "" }] = database
    .query<{ value: string }, []>("select value from meta where key = 'epoch'")
    .all();

  const addPerson = database.query(
    "insert into people (id, name, role, email, origin, created_at) values (?, ?, 'guest', 'bench@example.org', 'page', ?)",
  );
  const addSession = database.query(
    "insert into sessions (token_hash, person, created_at, used_at, expires_at) values (?, ?, ?, ?, ?)",
  );
  const addStream = database.query("insert into streams values (?, ?, ?)");
  const addRoom = database.query(
    "insert into rooms (stream, name, unique_name, name_key, kind, topic, topic_key, created_by, created_at) values (?, ?, ?, ?, 'public', '', '', ?, ?)",
  );
  const addMember = database.query(
    "insert into members (stream, person, since, read) values (?, ?, 1, ?)",
  );
  const addEvent = database.query(
    "insert into events values (?, ?, ?, ?, ?, ?, ?)",
  );
  const addMessage = database.query(
    'insert into messages (stream, seq, "by", text) values (?, ?, ?, ?)',
  );

  const members = people.map((person, index): Member => {
    const token = newSessionToken();
    addPerson.run(person, `Person ${index}`, now);
    addSession.run(hashToken(token), person, now, now, now + 30 * dayMs);
    addStream.run(`inbox:${person}`, 0, 0);
    // Neighbours share most of their rooms, as people of one place do.
    const own = Array.from(
      { length: size.roomsEach },
      (_, n) => (index + n * 7) % size.rooms,
    );
    return { cookie: `parley_sid=${token}`, rooms: [...new Set(own)] };
  });
  for (const [index, room] of rooms.entries()) {
    const author = people[index % people.length] ?? "";
    addStream.run(room, head, now);
    const key = `room ${index}`;
    addRoom.run(room, `Room ${index}`, key, key, author, now);
    const data = `{"name":"Room ${index}","kind":"public","topic":""}`;
    addEvent.run(room, 1, "room.created", now, author, newCid(now), data);
    for (let seq = 2; seq <= head; seq += 1) {
      const by = people[(index + seq * 13) % people.length] ?? "";
      const cid = newCid(now);
      addEvent.run(room, seq, "message.posted", now, by, cid, null);
      addMessage.run(room, seq, by, text);
    }
  }
  for (const [index, { rooms: own }] of members.entries()) {
    for (const room of own) {
      addMember.run(rooms[room] ?? "", people[index] ?? "", head);
    }
  }
  return { epoch, rooms, heads: rooms.map(() => head), members };
}
