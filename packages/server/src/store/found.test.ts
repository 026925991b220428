import { expect, test } from "bun:test";
import { openDatabase } from "../testing/open-database.ts";
import { found } from "./found.ts";

test("[I2] a place is founded once: later starts find the same epoch and the same lobby", async () => {
  await using place = await openDatabase();
  const again = await found(place.db, { lobbyName: "Other", now: 2_000 });
  const { epoch, lobby, secret } = place;
  expect(again).toEqual({ epoch, lobby, secret });
  const rooms = place.database.query("select name, kind from rooms").all();
  expect(rooms).toEqual([{ name: "Lobby", kind: "lobby" }]);
});

test("two places have two epochs, so that nobody resumes in the wrong log", async () => {
  await using one = await openDatabase();
  await using other = await openDatabase();
  expect(one.epoch).not.toBe(other.epoch);
  expect(one.lobby).not.toBe(other.lobby);
});

test("[D-5] the lobby's log begins with its making, number 1", async () => {
  await using place = await openDatabase();
  const events = place.database.query("select seq, type from events").all();
  expect(events).toEqual([{ seq: 1, type: "room.created" }]);
});
