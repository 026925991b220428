import { expect, test } from "bun:test";
import { emptyModel } from "./chat-model.ts";
import { nothingWritten, snapshotIn, snapshotRecords } from "./snapshot.ts";
import { annHerself } from "./testing/rooms-answer.ts";

test("one is oneself as of the inbox' cursor: from there on it tells what has changed since", () => {
  const model = { ...emptyModel(annHerself), epoch: "e1", inbox: 7 };
  const snapshot = { model, marks: new Map() };
  const { puts } = snapshotRecords(snapshot, nothingWritten, "s 1");
  const given = emptyModel({ ...annHerself, name: "Given by the page" });
  const found = snapshotIn(puts, given)?.model;
  expect(found).toMatchObject({ inbox: 7, self: annHerself });
  expect(found?.people.get(annHerself.id)?.name).toBe("Ann");
});

test("somebody else's snapshot is not believed", () => {
  const model = { ...emptyModel(annHerself), epoch: "e1" };
  const snapshot = { model, marks: new Map() };
  const { puts } = snapshotRecords(snapshot, nothingWritten, "s 1");
  const bob = { ...annHerself, id: "u_Bob0000000" };
  expect(snapshotIn(puts, emptyModel(bob))).toBeNull();
});
