import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Person } from "@parley/protocol";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { changeRows } from "../testing/change-rows.ts";
import { cid, enter, type Present } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";

// Who is bound to rooms sees those, and the people in them, and nothing else:
// no lobby, no directory, nobody's name or picture.

let server: TestServer;
let ann: Present;
let ben: Present;
/** The guest. */
let gus: Present;
let shared: string;
let elsewhere: string;
beforeAll(async () => {
  server = await startTestServer(generous);
  ann = await enter(server, "Ann");
  ben = await enter(server, "Ben Elsewhere");
  const newcomer = await enter(server, "Gus");
  const { guest } = newcomer;
  shared = await ann.makeRoom("Shared");
  elsewhere = await ben.makeRoom("Elsewhere");
  await newcomer.ask({ type: "room.join", stream: shared, cid: cid() });
  await newcomer.leave();
  // As if they had come by a link to this room.
  await changeRows(server, [
    `update people set bound = 1 where id = '${guest.me.id}'`,
    `delete from members where person = '${guest.me.id}' and stream = '${ann.lobby}'`,
  ]);
  gus = await enter(server, "", { guest });
});
afterAll(async () => {
  await Promise.all([ann.leave(), ben.leave(), gus.leave()]);
  await server[Symbol.asyncDispose]();
});

const ask = (path: string, who = gus) =>
  askHttp(server, path, { cookie: who.guest.cookie });

const namesAt = async (path: string, who = gus): Promise<string[]> => {
  const { people } = (await ask(path, who)).json as { people: Person[] };
  return people.map(({ name }) => name).sort();
};

describe("[A-3] [T8] who is bound to rooms", () => {
  test("has those in their list, and knows that they are bound", async () => {
    const { json } = await ask("/api/rooms");
    expect(json).toMatchObject({
      rooms: [{ stream: shared, name: "Shared" }],
      me: { id: gus.id, bound: true },
    });
  });

  test("reads what is said there, and who is in it", async () => {
    expect((await ask(`/api/streams/${shared}/messages`)).status).toBe(200);
    const { json } = await ask(`/api/streams/${shared}/members`);
    expect(json).toMatchObject({ count: 2 });
  });

  test("has neither directory nor people's list: forbidden", async () => {
    for (const path of [
      "/api/directory",
      "/api/directory?query=elsewhere",
      "/api/people/search",
      "/api/people/search?query=ben",
    ]) {
      expectRefusal(await ask(path), "forbidden");
    }
  });

  test("[A-4] [T7] learns no name and sees no picture but of those they meet; others are as people who are not there", async () => {
    const nobody = "u_0000000000";
    const ids = [ann.id, ben.id, gus.id, nobody].join(",");
    expect(await namesAt(`/api/people?ids=${ids}`)).toEqual(["Ann", "Gus"]);
    expect(await namesAt(`/api/people?ids=${ids}`, ann)).toEqual([
      ...["Ann", "Ben Elsewhere", "Gus"],
    ]);
    expect((await ask(`/api/people/${ann.id}/avatar`)).status).toBe(200);
    const hidden = await ask(`/api/people/${ben.id}/avatar`);
    expectRefusal(hidden, "not_found");
    expect((await ask(`/api/people/${nobody}/avatar`)).text).toBe(hidden.text);
    expect((await ask(`/api/people/${ben.id}/avatar`, ann)).status).toBe(200);
  });

  test("[A-4] [T7] finds no room but theirs: the lobby and public ones are as rooms that are not there", async () => {
    const answers = [];
    for (const stream of [ann.lobby, elsewhere, "r_0000000000"]) {
      for (const command of [
        { type: "room.join", stream },
        { type: "follow", stream, cursor: 0 },
        { type: "message.post", stream, text: "hello" },
        { type: "room.change", stream, topic: "mine" },
      ]) {
        const answer = await gus.ask({ ...command, cid: cid() });
        answers.push(answer["code"] ?? answer.type);
      }
    }
    expect(answers.slice(0, 4)).toEqual(answers.slice(8));
    expect(answers.slice(4, 8)).toEqual(answers.slice(8));
    expect(new Set(answers)).toEqual(new Set(["not_found", "gone"]));
  });

  test("makes no room, opens no conversation, and blocks nobody", async () => {
    for (const command of [
      { type: "room.create", name: "Mine" },
      { type: "direct.open", people: [ann.id] },
      { type: "person.block", person: ann.id, blocked: true },
      { type: "person.block", person: "u_0000000000", blocked: true },
      { type: "room.invite", stream: shared, people: [ben.id] },
    ]) {
      const answer = await gus.ask({ ...command, cid: cid() });
      expect(answer).toMatchObject({ code: "forbidden" });
    }
  });

  test("is not found by others' search", async () => {
    expect(await namesAt("/api/people/search?query=gus", ann)).toEqual([]);
    expect(await namesAt("/api/people/search?query=BEN%20E", ann)).toEqual([
      "Ben Elsewhere",
    ]);
  });
});
