import { afterAll, beforeAll, expect, test } from "bun:test";
import { limits } from "@parley/protocol";
import { cid, enter, expectServing, type Present } from "../testing/enter.ts";
import {
  startTestServer,
  type TestServer,
} from "../testing/start-test-server.ts";

let server: TestServer;
let ann: Present;
const rooms: string[] = [];

beforeAll(async () => {
  server = await startTestServer({ PARLEY_LIMITS: "off" });
  ann = await enter(server, "Ann");
  while (rooms.length <= limits.streamsPerConnection) {
    const made = Array.from({ length: 50 }, () =>
      ann.ask({ type: "room.create", cid: cid(), name: `Room ${cid()}` }),
    );
    for (const { stream } of await Promise.all(made))
      rooms.push(String(stream));
  }
}, 30_000);
afterAll(() => server[Symbol.asyncDispose]());

test("[J22] one connection follows 2,000 streams, and one more when it lets one go", async () => {
  const all = rooms.slice(0, limits.streamsPerConnection);
  const [first = "", last = ""] = [all[0], all.at(-1)];
  const another = rooms[limits.streamsPerConnection] ?? "";
  const many = await enter(server, "", {
    guest: ann.guest,
    cursors: Object.fromEntries(all.map((room) => [room, 2])),
  });
  const live = many.socket.received.find(({ type }) => type === "live");
  expect(Object.keys(live?.["heads"] ?? {})).toHaveLength(all.length);

  const follow = { type: "follow", stream: another, cursor: 2 };
  expect(await many.ask(follow)).toMatchObject({
    type: "error",
    code: "too_many_streams",
  });
  await many.ask({ type: "unfollow", stream: first });
  expect(await many.ask(follow)).toMatchObject({ type: "live" });

  for (const room of [another, last]) {
    await ann.say(`in ${room}`, room);
    await many.hears(`in ${room}`);
  }
  await many.leave();
  await expectServing(server);
});
