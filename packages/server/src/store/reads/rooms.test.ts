import { afterAll, beforeAll, expect, test } from "bun:test";
import type {
  KyselyPlugin,
  PluginTransformQueryArgs,
  RootOperationNode,
} from "kysely";
import {
  openDatabase,
  type OpenDatabase,
} from "../../testing/open-database.ts";
import type { Reads } from "../store.ts";
import { readsOn } from "./reads.ts";

// What the list of one's rooms asks of the database, however many they are.

let opened: OpenDatabase;
let reads: Reads;
let asked = 0;

const counting: KyselyPlugin = {
  transformQuery: ({ node }: PluginTransformQueryArgs): RootOperationNode => {
    asked += 1;
    return node;
  },
  transformResult: ({ result }) => Promise.resolve(result),
};

/** Rooms 1 to 500, Ann in each, the last 50 direct with somebody else. */
const rows = [
  "insert into people (id, name, role, email, origin, created_at) select 'u_person' || i, 'Person ' || i, 'guest', '', 'page', 1 from n",
  "insert into streams (id, head, last_at) select 'r_room' || i, 10, 1 from n",
  "insert into rooms (stream, name, name_key, unique_name, kind, topic, topic_key, created_at) select 'r_room' || i, 'Room ' || i, 'room ' || i, 'room ' || i, case when i > 450 then 'direct' else 'public' end, '', '', 1 from n",
  "insert into members (stream, person, since, read) select 'r_room' || i, 'u_person1', 2, 2 from n",
  "insert into members (stream, person, since, read) select 'r_room' || i, 'u_person' || i, 2, 2 from n where i > 450",
];

beforeAll(async () => {
  opened = await openDatabase();
  const { connection, database } = opened;
  for (const row of rows) {
    database.run(
      row.replace(
        " select",
        " with recursive n (i) as (select 1 union all select i + 1 from n where i < 500) select",
      ),
    );
  }
  reads = readsOn({
    ...connection,
    db: connection.db.withPlugin(counting),
    run: (query) => {
      asked += 1;
      return connection.run(query);
    },
  });
});
afterAll(() => opened[Symbol.asyncDispose]());

test("500 rooms, 50 of them direct, are two questions: the rooms, and the people in the direct ones", async () => {
  asked = 0;
  const rooms = await reads.rooms("u_person1");
  expect(asked).toBe(2);
  expect(rooms).toHaveLength(500);
  const direct = rooms.filter(({ kind }) => kind === "direct");
  expect(direct).toHaveLength(50);
  for (const { people } of direct) expect(people).toHaveLength(1);
});

test("without direct rooms it is one; what one is and whom one blocks are one each", async () => {
  for (const ask of [
    () => reads.rooms("u_person2"),
    () => reads.own("u_person1"),
    () => reads.blockedBy("u_person1"),
    () => reads.heads(["inbox:u_person1"]),
  ]) {
    asked = 0;
    await ask();
    expect(asked).toBe(1);
  }
});
