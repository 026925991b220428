import { afterAll, beforeAll, expect, test } from "bun:test";
import type { CompiledQuery } from "kysely";
import { newCid, newRoomId } from "../../identifiers.ts";
import {
  openDatabase,
  type OpenDatabase,
} from "../../testing/open-database.ts";
import { commitBatch, type WriteRequest } from "../commit-batch.ts";

// What a commit of posts asks of the database, and how it is looked up.

let place: OpenDatabase;
/** The statements of the last commit, each text as often as it was run. */
let run: string[] = [];

const rooms = Array.from({ length: 64 }, () => newRoomId());

beforeAll(async () => {
  place = await openDatabase();
  const { connection, database } = place;
  const people = ["u_ann00000", "u_ben00000"];
  for (const person of people) {
    database.run(
      `insert into people (id, name, role, email, origin, created_at) values ('${person}', '${person}', 'guest', '', 'page', 1)`,
    );
  }
  for (const stream of rooms) {
    database.run(`insert into streams values ('${stream}', 0, 1)`);
    database.run(
      `insert into rooms (stream, name, unique_name, kind, topic, topic_key, created_at) values ('${stream}', '', '${stream}', 'direct', '', '', 1)`,
    );
    for (const person of people) {
      database.run(
        `insert into members (stream, person, since, read) values ('${stream}', '${person}', 0, 0)`,
      );
    }
  }
  const ask = connection.run.bind(connection);
  connection.run = <Row>(query: CompiledQuery<Row>) => {
    run.push(query.sql);
    return ask(query);
  };
});
afterAll(() => place[Symbol.asyncDispose]());

async function post(streams: readonly string[]): Promise<number> {
  const requests = streams.map((stream, index): WriteRequest => ({
    id: index + 1,
    name: "appendMessage",
    input: { stream, by: "u_ann00000", cid: newCid(Date.now()), text: "x" },
  }));
  run = [];
  const { settled } = await commitBatch(place.connection, requests, 5);
  return settled.filter(({ status }) => status === "done").length;
}

const asksWhoMay = (sql: string): boolean => sql.includes("join members");

test("whether they may is one question per commit, however many post, in however many rooms", async () => {
  expect(await post(rooms.slice(0, 1))).toBe(1);
  const once = run.length;
  expect(run.filter(asksWhoMay)).toHaveLength(1);
  expect(await post(rooms)).toBe(64);
  expect(run.filter(asksWhoMay)).toHaveLength(1);
  // Who, which cids, the numbers, the events and the messages.
  expect([once, run.length]).toEqual([5, 5]);
});

test("everything that posting asks is looked up by key: no table is read whole", async () => {
  const { database } = place;
  await post(rooms);
  expect(run.filter(asksWhoMay)).toHaveLength(1);
  for (const sql of run) {
    const plan = database
      .query<{ detail: string }, []>(`explain query plan ${sql}`)
      .all()
      .map(({ detail }) => detail);
    const whole = plan.filter(
      (step) =>
        step.startsWith("SCAN") && !/^SCAN (?:asked|\d+[ -])/.test(step),
    );
    expect(whole).toEqual([]);
  }
});
