import { afterAll, beforeAll, expect, test } from "bun:test";
import type { ErrorCode, PlaceSettings } from "@parley/protocol";
import { enter } from "../testing/enter.ts";
import { generous } from "../testing/generous.ts";
import { as, ownPlace } from "../testing/owned-place.ts";
import { codeOf, shakeHands } from "../testing/shake-hands.ts";
import {
  startTestServer,
  type OpenTestServer,
} from "../testing/start-test-server.ts";
import type { TestAccount } from "../testing/test-account.ts";
import { TestSocket } from "../testing/test-socket.ts";

// Who comes by the simple wire comes by the same door as everybody (T61).

let server: OpenTestServer;
let owner: TestAccount;
beforeAll(async () => {
  server = await startTestServer(generous);
  owner = await ownPlace(server);
});
afterAll(() => server[Symbol.asyncDispose]());

const change = (body: Partial<PlaceSettings>) =>
  as(server, owner)("/api/admin/settings", { method: "PATCH", body });

const modes: [PlaceSettings["joinMode"], ErrorCode][] = [
  ["invitation", "invitation_needed"],
  ["closed", "join_closed"],
];

for (const [joinMode, code] of modes) {
  test(`[M8] [T61] while joining is ${joinMode} the handshake is refused with 403, and those who are connected hear nothing more`, async () => {
    const listening = await TestSocket.open(server);
    const olga = await enter(server, "", { guest: owner });
    await olga.say(`before ${joinMode}`);
    await listening.next(({ message }) => message === `before ${joinMode}`);
    await change({ joinMode });
    const { code: closed, reason } = await listening.closed;
    expect([closed, reason]).toEqual([4009, "simple_wire_off"]);
    const response = await shakeHands(server);
    expect([response.status, codeOf(response)]).toEqual([403, code]);
    await change({ joinMode: "open" });
    const again = await TestSocket.open(server);
    await olga.say(`after ${joinMode}`);
    await again.next(({ message }) => message === `after ${joinMode}`);
    again.close();
    await olga.leave();
  });
}

test("[M4] a name like that of somebody with an account: 4009 name_confusable", async () => {
  for (const username of ["Olga", "OIga", "administrator"]) {
    const socket = await TestSocket.open(server);
    socket.send({ username, email: "olga@example.org", message: "I am Olga" });
    const { code, reason } = await socket.closed;
    expect([code, reason.split(":")[0]]).toEqual([4009, "name_confusable"]);
  }
  const socket = await TestSocket.open(server);
  socket.send({
    ...{ username: "Tim", email: "olga@example.org", message: "my address" },
  });
  const heard = await socket.next(({ message }) => message === "my address");
  expect(heard["username"]).toBe("Tim");
  expect(heard["email"]).not.toBe("olga@example.org");
  socket.close();
});
