import { afterAll, beforeAll, expect, test } from "bun:test";
import { askHttp, expectRefusal } from "../testing/ask-http.ts";
import { cid, enter, type Present } from "../testing/enter.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";
import { joinAs } from "../testing/test-guest.ts";

let server: TestServer;
let ann: Present;
let stream: string;
beforeAll(async () => {
  server = await startTestServer({}, { secondMs: 50 });
  ann = await enter(server, "Ann");
  stream = await ann.makeRoom(`Room ${cid()}`);
});
afterAll(async () => {
  await ann.leave();
  await server[Symbol.asyncDispose]();
});

function ask(room: string, who?: { cookie: string }) {
  return askHttp(server, `/api/streams/${room}/presence`, who);
}

test("a room's presence is who is online or away, and how many that are", async () => {
  const wanted = { present: 1, people: { [ann.id]: "online" } };
  const deadline = performance.now() + 5_000;
  let answer = await ask(stream, ann.guest);
  // She is here a moment ago; it is gathered for a second.
  while (performance.now() < deadline && !Bun.deepEquals(answer.json, wanted)) {
    await Bun.sleep(20);
    answer = await ask(stream, ann.guest);
  }
  expect(answer.status).toBe(200);
  expect(answer.json).toEqual(wanted);
});

test("[A-4] [T7] a room that one is not in gets the answer of one that does not exist, byte for byte", async () => {
  const eve = await joinAs(server, "Eve");
  const [real, none, inbox] = await Promise.all([
    ask(stream, eve),
    ask("r_Zz19Qe4tYu", eve),
    ask(`inbox:${ann.id}`, eve),
  ]);
  expectRefusal(real, "not_found");
  expect(real.text).toBe(none.text);
  expect(real.text).toBe(inbox.text);
});

test("who is not signed in is told nothing", async () => {
  expectRefusal(await ask(stream), "unauthenticated");
});
